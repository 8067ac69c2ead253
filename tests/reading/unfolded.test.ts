import { describe, expect, it } from "vitest";
import { RenderError } from "../../src/reading/render-error.js";
import { Unfolded } from "../../src/reading/unfolded.js";

const TOO_LARGE = expect.objectContaining({ code: "too_large" });

describe("what a document unfolds to", () => {
  it("may be as much as the limit of one part, and no byte more", () => {
    new Unfolded(100, 1_000).grow(100);
    expect(() => new Unfolded(100, 1_000).grow(101)).toThrow(TOO_LARGE);
    expect(() => new Unfolded(100, 1_000).grow(Number.NaN)).toThrow(RenderError);
  });

  it("is counted over all parts, and of a part that grows only what it grows by", () => {
    const unfolded = new Unfolded(100, 1_000);
    for (let part = 0; part < 10; part += 1) {
      unfolded.grow(50);
      unfolded.grow(100, 50);
    }
    expect(() => unfolded.grow(1)).toThrow(TOO_LARGE);
  });

  it("is counted anew for each step", () => {
    const unfolded = new Unfolded(100, 100);
    for (let step = 0; step < 3; step += 1) {
      unfolded.begin();
      unfolded.grow(100);
    }
    expect(() => unfolded.check()).not.toThrow();
  });

  it("once too much, tells at once whoever waits for the page", async () => {
    const unfolded = new Unfolded(100, 1_000);
    expect(() => unfolded.grow(101)).toThrow(TOO_LARGE);
    await expect(unfolded.exceeded).rejects.toEqual(TOO_LARGE);
  });

  it("once too much, stays so, whatever the reader of the document does with the error", () => {
    const unfolded = new Unfolded(100, 1_000);
    expect(() => unfolded.grow(101)).toThrow(TOO_LARGE);
    for (const act of [() => unfolded.grow(1), () => unfolded.check(), () => unfolded.begin()]) {
      expect(act).toThrow(TOO_LARGE);
    }
  });
});
