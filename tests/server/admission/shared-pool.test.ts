import { describe, expect, it } from "vitest";
import { SharedPool } from "../../../src/server/admission/index.js";
import { Random, WITH_SEED } from "../../support/seed.js";

/** Takes one after the other for `visitor` until it is refused. Returns how many it got. */
function fill(pool: SharedPool, visitor: string | null): number {
  for (let count = 0; ; count += 1) if (pool.take(visitor) !== null) return count;
}

describe("what visitors share", () => {
  it("gives one visitor no more than its share, however much is free", () => {
    const pool = new SharedPool({ max: 1_000, share: 100 });
    expect([fill(pool, "a"), pool.refusal("a", 1)]).toEqual([100, "over_share"]);
    expect(pool.refusal("b", 1)).toBeNull();
  });

  it("gives one visitor no more than half of what is left free", () => {
    const pool = new SharedPool({ max: 900, share: 900 });
    expect(fill(pool, "a")).toBe(300);
  });

  it.each([1, 2, 5, 10])("leaves something for the next one after %i visitors have taken all they can", (count) => {
    const pool = new SharedPool({ max: 1_024, share: 128 });
    for (let round = 0; round < 10; round += 1) {
      for (let visitor = 0; visitor < count; visitor += 1) fill(pool, `visitor ${visitor}`);
    }
    expect(pool.take("the next one")).toBeNull();
  });

  it("leaves an eighth to others where all the rest are held by visitors that nobody can tell apart", () => {
    const pool = new SharedPool({ max: 1_024, share: 128 });
    expect([fill(pool, null), pool.refusal(null, 1)]).toEqual([896, "full"]);
    expect(fill(pool, "a")).toBe(43);
  });

  it.each([1, 2, 3, 4])("of %i can be used up by visitors that nobody can tell apart, or nearly", (max) => {
    expect(fill(new SharedPool({ max, share: max }), null)).toBeGreaterThanOrEqual(Math.ceil((7 / 8) * max));
  });

  it("is full when nothing is left, for whomever", () => {
    const pool = new SharedPool({ max: 2, share: 2 });
    expect([pool.take("a"), pool.take("b"), pool.take("c"), pool.take(null)]).toEqual([null, null, "full", "full"]);
  });

  it("gives no amount that is not there", () => {
    const pool = new SharedPool({ max: 100, share: 100, timesFree: 2 });
    expect([pool.take("a", 101), pool.take("a", 100)]).toEqual(["full", null]);
  });

  it(`counts right, whatever comes and goes ${WITH_SEED}`, () => {
    const random = new Random("shared pool");
    const pool = new SharedPool({ max: 500, share: 60 });
    const held: [visitor: string | null, amount: number][] = [];
    for (let step = 0; step < 20_000; step += 1) {
      const visitor = random.integer(0, 9) === 0 ? null : `visitor ${random.integer(0, 30)}`;
      const amount = random.integer(1, 5);
      const index = random.integer(0, held.length);
      const leaving = random.integer(0, 1) === 0 ? held[index] : undefined;
      if (leaving !== undefined) {
        held.splice(index, 1);
        pool.give(...leaving);
      } else if (pool.take(visitor, amount) === null) held.push([visitor, amount]);
      const taken = held.reduce((sum, [, each]) => sum + each, 0);
      if (pool.taken !== taken || taken > 500) expect([step, pool.taken]).toEqual([step, taken]);
    }
    for (const each of held) pool.give(...each);
    expect(pool.taken).toBe(0);
    expect(fill(pool, "a")).toBe(60);
  });
});
