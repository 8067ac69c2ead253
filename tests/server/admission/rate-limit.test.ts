import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RateLimit } from "../../../src/server/admission/rate-limit.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many of `count` questions pass. */
async function passed(limit: RateLimit, visitor: string | null, count: number): Promise<number> {
  let found = 0;
  for (let asked = 0; asked < count; asked += 1) if (await limit.mayPass(visitor)) found += 1;
  return found;
}

describe("how often something may be asked in a second", () => {
  it.each<[perVisitor: number, all: number, visitor: string | null, asked: number, answered: number]>([
    [5, 20, "a", 4, 4],
    [5, 20, "a", 5, 5],
    [5, 20, "a", 6, 5],
    [5, 20, "a", 100, 5],
    [5, 3, "a", 5, 3],
    [5, 20, null, 19, 19],
    [5, 20, null, 20, 20],
    [5, 20, null, 21, 20],
  ])("with %i for each and %i for all, %s asks and gets %i: %i", async (perVisitor, all, visitor, asked, answered) => {
    expect(await passed(new RateLimit({ perVisitor, all }), visitor, asked)).toBe(answered);
  });

  it("is for others whatever one visitor asks: what is over the own share takes nothing of what is for all", async () => {
    const limit = new RateLimit({ perVisitor: 5, all: 20 });
    expect(await passed(limit, "a", 1_000)).toBe(5);
    expect(await passed(limit, "b", 5)).toBe(5);
    expect(await passed(limit, "c", 5)).toBe(5);
    expect(await passed(limit, null, 10)).toBe(5);
  });

  it.each([
    [999, 0],
    [1_000, 5],
    [1_001, 5],
  ])("begins anew after a second: %i ms", async (ms, answered) => {
    const limit = new RateLimit({ perVisitor: 5, all: 20 });
    await passed(limit, "a", 10);
    await vi.advanceTimersByTimeAsync(ms);
    expect(await passed(limit, "a", 10)).toBe(answered);
  });
});
