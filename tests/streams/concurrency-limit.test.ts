import { describe, expect, it } from "vitest";
import { concurrencyLimit } from "../../src/streams/index.js";
import { settle } from "../support/bytes.js";

describe("a concurrency limit", () => {
  it.each([1, 2, 3])("of %i runs as many pieces of work at a time, in the order given", async (max) => {
    const limited = concurrencyLimit(max);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const work = Array.from({ length: 7 }, (_, number) =>
      limited(async () => {
        started.push(number);
        await new Promise<void>((resolve) => {
          ends[number] = resolve;
        });
        return number;
      }),
    );
    for (let ended = 0; ended < work.length; ended += 1) {
      await settle();
      expect(started).toEqual([0, 1, 2, 3, 4, 5, 6].slice(0, ended + max));
      ends[ended]?.();
    }
    expect(await Promise.all(work)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("frees its slot when work fails", async () => {
    const limited = concurrencyLimit(1);
    const failing = limited(async () => {
      throw new Error("x");
    });
    const next = limited(async () => "done");
    await expect(failing).rejects.toThrow("x");
    expect(await next).toBe("done");
  });
});
