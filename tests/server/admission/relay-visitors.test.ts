import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FairQueue, introduce, KnownRelays, RateLimit, SharedPool } from "../../../src/server/admission/index.js";
import { relayOf } from "../../../src/server/admission/relay-visitors.js";

const NOON = new Date("2026-11-27T12:00:00Z");
const [ours, others] = [randomBytes(32), randomBytes(32)];
const relays = new KnownRelays([others, ours]);
const visitor = "a hash under a key that only the relay has";
const hoursLater = (hours: number) => new Date(NOON.getTime() + hours * 60 * 60 * 1000);

describe("what a relay says of its visitor", () => {
  const said = introduce(ours, visitor, "upload", NOON);

  it("is believed where it is proved by a secret that is shared, as of a visitor of that relay", () => {
    const known = relays.visitorOf(said, NOON);
    expect(known).toMatch(/^relay-1:/);
    expect(relayOf(known)).toBe("relay-1");
    expect(relays.visitorOf(introduce(others, visitor, "upload", NOON), NOON)).toMatch(/^relay-0:/);
  });

  it("is the same for one visitor, and another for each visitor and each purpose", () => {
    const names = [
      said,
      introduce(ours, visitor, "upload", hoursLater(3)),
      introduce(ours, visitor, "mailbox", NOON),
      introduce(ours, "another hash", "upload", NOON),
    ].map((each) => relays.visitorOf(each, NOON));
    expect(new Set(names).size).toBe(3);
    expect(names[0]).toBe(names[1]);
  });

  it.each([
    [-36, true],
    [-37, false],
    [35, true],
    [36.1, false],
  ])("is believed from a clock that is wrong by hours, not by days: %i h: %s", (hours, believed) => {
    expect(relays.visitorOf(introduce(ours, visitor, "upload", NOON), hoursLater(hours)) !== null).toBe(believed);
  });

  const [day = "", name = "", proof = ""] = said.split(".");
  it.each<[string, string | string[] | undefined]>([
    ["missing", undefined],
    ["said twice", [said, said]],
    ["by somebody without the secret", introduce(randomBytes(32), visitor, "upload", NOON)],
    ["with the proof of another day", `2026-11-26.${name}.${proof}`],
    ["with the proof of another name", `${day}.${"A".repeat(22)}.${proof}`],
    ["of a day that is none", `2026-13-99.${name}.${proof}`],
    ["shorter", said.slice(0, -1)],
    ["longer", `${said}A`],
    ["without a proof", `${day}.${name}.`],
    ["a megabyte", "A".repeat(1_000_000)],
  ])("is ignored where it is %s", (_what, header) => {
    expect(relays.visitorOf(header, NOON)).toBeNull();
  });

  it("is ignored by a portal that shares no secret", () => {
    expect(new KnownRelays([]).visitorOf(said, NOON)).toBeNull();
  });
});

describe("a relay that makes up visitors without end", () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const made = (index: number) => `relay-0:${index}`;
  const COUNT = 100_000;

  it("holds no more than twice what one visitor may, and the next visitors find room", () => {
    const pool = new SharedPool({ max: 1_024, share: 128 });
    let taken = 0;
    for (let index = 0; index < COUNT; index += 1) if (pool.take(made(index)) === null) taken += 1;
    expect(taken).toBe(256);
    expect([pool.take("relay-1:a"), pool.take("direct")]).toEqual([null, null]);
    for (let index = 0; index < 256; index += 1) pool.give(made(index));
    pool.give("relay-1:a");
    pool.give("direct");
    expect([pool.taken, pool.take(made(0))]).toEqual([0, null]);
  });

  it("may ask twice as often as one visitor", async () => {
    vi.useFakeTimers({ now: NOON });
    const limit = new RateLimit({ perVisitor: 5, all: 1_000 });
    const answers = await Promise.all(Array.from({ length: COUNT / 10 }, (_, index) => limit.mayPass(made(index))));
    expect(answers.filter((passes) => passes)).toHaveLength(10);
    expect(await limit.mayPass("relay-1:a")).toBe(true);
    expect(await limit.mayPass("direct")).toBe(true);
  });

  it("has the turns of one visitor in a queue, and pushes nobody else out of it", async () => {
    const queue = new FairQueue({ parallel: 1, maxWaiting: 500, waitTimeoutMs: 60_000 });
    const begun: string[] = [];
    let end: () => void = () => undefined;
    const bring = (who: string) =>
      queue.pass(who, () => {
        begun.push(who);
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
    let refused = 0;
    const all = [bring("direct"), bring("direct"), bring("relay-1:a")].map((each) => each.catch(() => undefined));
    for (let index = 0; index < COUNT / 10; index += 1) {
      const waiting = bring(made(index));
      all.push(
        waiting.catch(() => {
          refused += 1;
        }),
      );
    }
    expect(queue.waiting).toBe(500);
    all.push(bring("someone new").catch(() => undefined));
    const turn = async () => {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (let count = 0; count < 4; count += 1) await turn();
    expect(begun).toEqual(["direct", "direct", "relay-1:a", made(0), "someone new"]);
    while (queue.size > 0) await turn();
    await Promise.all(all);
    expect(refused + begun.length).toBe(COUNT / 10 + 4);
  });

  it("keeps no turn from those who come through the same relay with less", async () => {
    const queue = new FairQueue({ parallel: 1, maxWaiting: 4, waitTimeoutMs: 60_000 });
    const settled: string[] = [];
    const bring = (who: string) =>
      queue.pass(who, async () => void settled.push(who)).catch(() => void settled.push(`${who} refused`));
    let end: () => void = () => undefined;
    const first = queue.pass(null, () => new Promise<void>((resolve) => (end = resolve)));
    const all = ["a", "a", "a", "a", "b"].map((who) => bring(`relay-0:${who}`));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual(["relay-0:a refused"]);
    end();
    await Promise.all([first, ...all]);
    expect(settled.slice(1, 3)).toEqual(["relay-0:a", "relay-0:b"]);
  });
});
