import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/server/admission/turns.js";

const iteration = () => new Promise((resolve) => setImmediate(resolve));

describe("turns", () => {
  it("begin at once where nothing else is to be done", () => {
    const turns = new Turns(0);
    const begun: string[] = [];
    turns.begin("a", () => begun.push("a"));
    expect([begun, turns.waiting]).toEqual([["a"], 0]);
  });

  it("begin one piece of work in each iteration of the event loop, visitors in turn", async () => {
    const turns = new Turns(0);
    const begun: string[] = [];
    const bring = (visitor: string | null, name: string) => turns.begin(visitor, () => begun.push(name));
    for (const name of ["a1", "a2", "a3", "a4"]) bring("a", name);
    bring("b", "b1");
    bring(null, "n1");
    bring(null, "n2");
    expect([begun, turns.waiting]).toEqual([["a1"], 6]);
    for (let count = 2; count <= 7; count += 1) {
      await iteration();
      expect(begun).toHaveLength(count);
    }
    expect(begun).toEqual(["a1", "a2", "b1", "n1", "a3", "n2", "a4"]);
    expect(turns.waiting).toBe(0);
  });

  it("begin more in one iteration until the budget of time is spent", async () => {
    const turns = new Turns(50);
    const begun: string[] = [];
    turns.begin("a", () => begun.push("a1"));
    turns.begin("a", () => {
      begun.push("a2");
      for (const from = performance.now(); performance.now() - from < 60; );
    });
    turns.begin("a", () => begun.push("a3"));
    turns.begin("b", () => begun.push("b1"));
    expect(begun).toEqual(["a1", "a2"]);
    await iteration();
    expect(begun).toEqual(["a1", "a2", "a3", "b1"]);
  });

  it("leave as much time to connections that come as the work before took", async () => {
    const turns = new Turns(0);
    let begun = 0;
    const work = () => {
      begun += 1;
      for (const from = performance.now(); performance.now() - from < 40; );
    };
    turns.begin("a", work);
    const ended = performance.now();
    turns.begin("a", work);
    let accepted = 0;
    for (; begun === 1; accepted += 1) {
      turns.connected();
      await iteration();
    }
    // The second's work is part of it.
    expect(performance.now() - ended).toBeGreaterThanOrEqual(2 * 40 - 1);
    expect(accepted).toBeGreaterThan(10);
  });

  it("go on at once when no more connections come", async () => {
    const turns = new Turns(0);
    let begun = 0;
    turns.begin("a", () => {
      begun += 1;
      for (const from = performance.now(); performance.now() - from < 40; );
    });
    turns.begin("a", () => {
      begun += 1;
    });
    turns.connected();
    await iteration();
    await iteration();
    expect([begun, turns.waiting]).toEqual([2, 0]);
  });

  it("go on after work that fails", async () => {
    const turns = new Turns(0);
    expect(() =>
      turns.begin("a", () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    await iteration();
    let begun = false;
    turns.begin("a", () => {
      begun = true;
    });
    expect(begun).toBe(true);
  });

  it("keep a visitor waiting for one piece of work of each other at most", async () => {
    const turns = new Turns(0);
    let iterations = 0;
    for (let count = 0; count < 1_000; count += 1) turns.begin("many", () => undefined);
    let begunAfter = -1;
    turns.begin("one", () => {
      begunAfter = iterations;
    });
    for (; begunAfter < 0; iterations += 1) await iteration();
    expect(begunAfter).toBeLessThanOrEqual(2);
  });
});
