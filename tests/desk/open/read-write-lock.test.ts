import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/desk/open/read-write-lock.js";
import { Random, WITH_SEED } from "../../support/seed.js";

describe("turns", () => {
  it(`lets work that is to be alone run when nothing else does, and all other work beside each other ${WITH_SEED}`, async () => {
    const random = new Random("turns");
    const turns = new Turns();
    const running = new Set<string>();
    let most = 0;
    const work = (name: string) => async () => {
      running.add(name);
      most = Math.max(most, running.size);
      if (name.startsWith("alone")) expect([...running]).toEqual([name]);
      await wait(random.integer(0, 3));
      if (name.startsWith("alone")) expect([...running]).toEqual([name]);
      running.delete(name);
      return name;
    };
    const names = Array.from(
      { length: 200 },
      (_, index) => `${random.integer(1, 5) === 1 ? "alone" : "beside"} ${index}`,
    );
    const done = names.map(async (name) => {
      await wait(random.integer(0, 50));
      return name.startsWith("alone") ? turns.alone(work(name)) : turns.beside(work(name));
    });
    expect(await Promise.all(done)).toEqual(names);
    expect(most).toBeGreaterThan(2);
  });

  it("goes on after work that fails", async () => {
    const turns = new Turns();
    const failing = async () => {
      throw new Error("x");
    };
    await expect(turns.beside(failing)).rejects.toThrow("x");
    await expect(turns.alone(failing)).rejects.toThrow("x");
    expect(await turns.beside(async () => 1)).toBe(1);
    expect(await turns.alone(async () => 2)).toBe(2);
  });
});
