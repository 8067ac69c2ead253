import { afterEach, describe, expect, it, vi } from "vitest";
import { Capacity, type Shortage } from "../../../src/server/admission/index.js";

afterEach(() => vi.restoreAllMocks());

/** A store of which only the figures matter. */
const space = (free: number, stored: number, incoming: number) =>
  new Capacity(
    {
      free: async () => free,
      list: async function* () {
        yield { bytes: stored };
      },
      drafts: { used: async () => 0 },
      uploads: { used: async () => incoming },
    } as unknown as ConstructorParameters<typeof Capacity>[0],
    { minFree: 1_000, maxStore: 5_000, maxIncoming: 2_000 },
  );

describe("room for something more", () => {
  it.each<[free: number, stored: number, incoming: number, bytes: number, Shortage]>([
    [2_000, 0, 0, 1_000, null],
    [2_000, 0, 0, 1_001, "disk"],
    [999, 0, 0, 0, "disk"],
    [9_000, 4_000, 500, 500, null],
    [9_000, 4_000, 500, 501, "store"],
    [9_000, 0, 1_500, 500, null],
    [9_000, 0, 1_500, 501, "incoming"],
  ])("with %i free, %i stored, %i on the way, for %i", async (free, stored, incoming, bytes, shortage) => {
    expect(await space(free, stored, incoming).shortage(bytes)).toBe(shortage);
  });

  it("is not what somebody else has written, until that is stored or gone", async () => {
    const room = space(9_000, 0, 0);
    const tally = room.tally(null);
    expect(await tally.add(1_500)).toBe(true);
    expect(await room.shortage(500)).toBeNull();
    expect(await room.shortage(501)).toBe("incoming");
    expect(await tally.add(501)).toBe(false);
    tally.close();
    tally.close();
    expect(await room.shortage(2_000)).toBeNull();
    expect(await room.shortage(2_001)).toBe("incoming");
  });

  it("to go on is taken from what is kept free, down to half of it", async () => {
    expect(await space(1_500, 9_999, 9_999).mayGoOn(1_000)).toBe(true);
    expect(await space(1_500, 0, 0).mayGoOn(1_001)).toBe(false);
  });
});

describe("a visitor's part of the room for what is on its way", () => {
  const MAX = 6_400;
  const make = (incoming = 0) => {
    const discarded: string[] = [];
    const room = new Capacity(
      {
        free: async () => Number.MAX_SAFE_INTEGER,
        list: async function* () {},
        drafts: { used: async () => 0 },
        uploads: {
          used: async () => (discarded.length === 0 ? incoming : 0),
          discard: async (id: string) => void discarded.push(id),
        },
      } as unknown as ConstructorParameters<typeof Capacity>[0],
      { minFree: 1_000, maxStore: null, maxIncoming: MAX },
    );
    return { room, discarded };
  };

  it.each<[visitor: string | null, held: number, bytes: number, Shortage]>([
    // The first is taken whatever its size, if there is room at all.
    ["a", 0, MAX, null],
    ["a", 0, MAX + 1, "incoming"],
    // Twice what is left: two thirds of all.
    ["a", 4_000, 800, null],
    ["a", 4_000, 801, "share"],
    ["a", 4_266, 2, null],
    ["a", 4_267, 1, "share"],
    // Seven times what is left, for all that nobody can tell apart.
    [null, 5_600, 0, null],
    [null, 5_601, 0, "share"],
  ])("for %s, who holds %i, of %i more: %s", async (visitor, held, bytes, shortage) => {
    const { room } = make();
    if (held > 0) await room.tally(visitor).add(held);
    expect(await room.shortageFor(visitor, bytes)).toBe(shortage);
  });

  it("is left to the next one, whatever others hold", async () => {
    const { room } = make();
    await room.tally("a").add(4_266);
    expect(await room.shortageFor("b", 2_000)).toBeNull();
    await room.tally("b").add(1_400);
    expect(await room.shortageFor("c", 700)).toBeNull();
  });

  it.each([
    [4_999, "incoming"],
    [5_000, null],
  ] as const)("is taken from uploads that have not gone on for %i ms: %s", async (ms, shortage) => {
    const { room, discarded } = make(4_000);
    vi.spyOn(performance, "now").mockReturnValue(1_000);
    room.uploads.begin("idle", "a", 4_000);
    room.uploads.begin("active", "a", 0);
    const end = room.uploads.use("active");
    vi.spyOn(performance, "now").mockReturnValue(1_000 + ms);
    expect(await room.shortageFor("b", 2_401)).toBe(shortage);
    expect(discarded).toEqual(shortage === null ? ["idle"] : []);
    end();
  });
});
