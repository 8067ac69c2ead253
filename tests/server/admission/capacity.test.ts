import { describe, expect, it } from "vitest";
import { Capacity, type Shortage } from "../../../src/server/admission/index.js";

/** A store of which only the figures matter. */
const space = (free: number, stored: number, incoming: number) =>
  new Capacity(
    {
      free: async () => free,
      list: async function* () {
        yield { bytes: stored };
      },
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
