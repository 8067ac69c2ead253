import { describe, expect, it } from "vitest";
import { BusyError, FairQueue } from "../../../src/server/admission/index.js";

/** Work that ends when it is told to, and the order in which pieces of it began. */
function workshop(queue: FairQueue) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const turnedAway: string[] = [];
  const bring = (visitor: string | null, name: string) => {
    const done = queue.pass(visitor, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    done.catch((cause: unknown) => {
      if (cause instanceof BusyError) turnedAway.push(name);
    });
  };
  const finishOne = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, turnedAway, bring, finishOne };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a fair queue", () => {
  it("lets so many pass at once, and the next when one is through", async () => {
    const { begun, bring, finishOne } = workshop(new FairQueue({ parallel: 2, maxWaiting: 9, waitTimeoutMs: 60_000 }));
    for (const name of ["1", "2", "3"]) bring(null, name);
    expect(begun).toEqual(["1", "2"]);
    await finishOne();
    expect(begun).toEqual(["1", "2", "3"]);
  });

  it("serves visitors in turn, however many pieces one of them has brought", async () => {
    const { begun, bring, finishOne } = workshop(new FairQueue({ parallel: 1, maxWaiting: 99, waitTimeoutMs: 60_000 }));
    for (let index = 0; index < 9; index += 1) bring("flood", `flood ${index}`);
    bring("somebody", "a letter");
    bring("somebody", "a second letter");
    bring("else", "another's letter");
    for (let turn = 0; turn < 6; turn += 1) await finishOne();
    expect(begun).toEqual([
      "flood 0",
      "flood 1",
      "a letter",
      "another's letter",
      "flood 2",
      "a second letter",
      "flood 3",
    ]);
  });

  it("turns away the last of the longest line when there is no room, never who comes with less", async () => {
    const queue = new FairQueue({ parallel: 1, maxWaiting: 3, waitTimeoutMs: 60_000 });
    const { turnedAway, bring } = workshop(queue);
    for (const name of ["running", "1", "2", "3", "4"]) bring("flood", name);
    await settle();
    expect(turnedAway).toEqual(["4"]);
    bring("somebody", "a letter");
    await settle();
    expect(turnedAway).toEqual(["4", "3"]);
    expect(queue.waiting).toBe(3);
  });

  it("turns away who has waited too long, and serves the rest", async () => {
    const { begun, turnedAway, bring, finishOne } = workshop(
      new FairQueue({ parallel: 1, maxWaiting: 9, waitTimeoutMs: 20 }),
    );
    bring(null, "slow");
    bring(null, "waiting");
    await expect.poll(() => turnedAway, { timeout: 10_000 }).toEqual(["waiting"]);
    bring("somebody", "next");
    await finishOne();
    expect(begun).toEqual(["slow", "next"]);
  });

  it("gives the place on when the work fails", async () => {
    const queue = new FairQueue({ parallel: 1, maxWaiting: 9, waitTimeoutMs: 60_000 });
    const failing = queue.pass(null, () => Promise.reject(new Error("no")));
    const following = queue.pass(null, async () => "done");
    await expect(failing).rejects.toThrow("no");
    await expect(following).resolves.toBe("done");
    await expect(queue.pass(null, async () => "again")).resolves.toBe("again");
  });
});

describe("work whose request has ended", () => {
  it("leaves its line, and the next has its turn", async () => {
    const ending = new AbortController();
    const queue = new FairQueue({ parallel: 1, maxWaiting: 9, waitTimeoutMs: 60_000 });
    let finish = () => {};
    const running = queue.pass(
      "a",
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const gone = queue.pass("b", async () => "never", ending.signal);
    const next = queue.pass("c", async () => "next");
    ending.abort();
    await expect(gone).rejects.toMatchObject({ code: "busy" });
    expect([queue.size, queue.waiting]).toEqual([2, 1]);
    finish();
    await running;
    await expect(next).resolves.toBe("next");
    expect(queue.size).toBe(0);
  });

  it("does not begin if it had ended before", async () => {
    const queue = new FairQueue({ parallel: 1, maxWaiting: 9, waitTimeoutMs: 60_000 });
    await expect(queue.pass("a", async () => "never", AbortSignal.abort())).rejects.toMatchObject({ code: "busy" });
    expect(queue.size).toBe(0);
  });
});
