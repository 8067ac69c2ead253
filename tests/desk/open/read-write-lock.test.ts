import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ReadWriteLock } from "../../../src/desk/open/read-write-lock.js";
import { Random, WITH_SEED } from "../../support/seed.js";

describe("a lock for readers and writers", () => {
  it(`runs exclusive work alone, and shared work side by side ${WITH_SEED}`, async () => {
    const random = new Random("turns");
    const lock = new ReadWriteLock();
    const running = new Set<string>();
    let most = 0;
    const work = (name: string) => async () => {
      running.add(name);
      most = Math.max(most, running.size);
      if (name.startsWith("exclusive")) expect([...running]).toEqual([name]);
      await wait(random.integer(0, 3));
      if (name.startsWith("exclusive")) expect([...running]).toEqual([name]);
      running.delete(name);
      return name;
    };
    const names = Array.from(
      { length: 200 },
      (_, index) => `${random.integer(1, 5) === 1 ? "exclusive" : "shared"} ${index}`,
    );
    const done = names.map(async (name) => {
      await wait(random.integer(0, 50));
      return name.startsWith("exclusive") ? lock.exclusive(work(name)) : lock.shared(work(name));
    });
    expect(await Promise.all(done)).toEqual(names);
    expect(most).toBeGreaterThan(2);
  });

  it("is released by work that fails", async () => {
    const lock = new ReadWriteLock();
    const failing = async () => {
      throw new Error("x");
    };
    await expect(lock.shared(failing)).rejects.toThrow("x");
    await expect(lock.exclusive(failing)).rejects.toThrow("x");
    expect(await lock.shared(async () => 1)).toBe(1);
    expect(await lock.exclusive(async () => 2)).toBe(2);
  });
});
