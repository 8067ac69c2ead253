import { describe, expect, it } from "vitest";
import { TimeRemaining } from "../../src/client/time-remaining.js";

describe("the remaining time", () => {
  it("is not estimated too early", () => {
    const remaining = new TimeRemaining();
    expect(remaining.after(0, 1000, 0)).toBeNull();
    expect(remaining.after(100, 1000, 3_999)).toBeNull();
    expect(remaining.after(100, 1000, 4_000)).not.toBeNull();
  });

  it("follows the recent rate", () => {
    const remaining = new TimeRemaining();
    for (let second = 0; second <= 60; second += 1) remaining.after(second * 1_000, 200_000, second * 1_000);
    expect(remaining.after(61_000, 200_000, 61_000)).toBeCloseTo(139_000);
    // Ten times slower from here on.
    let last: number | null = null;
    for (let second = 1; second <= 30; second += 1) {
      last = remaining.after(61_000 + second * 100, 200_000, 61_000 + second * 1_000);
    }
    expect(last).toBeCloseTo(1_360_000);
  });

  it("is not estimated while nothing moves, nor across a break", () => {
    const remaining = new TimeRemaining();
    remaining.after(500, 1000, 0);
    expect(remaining.after(500, 1000, 10_000)).toBeNull();
    remaining.after(600, 1000, 11_000);
    remaining.reset();
    expect(remaining.after(700, 1000, 12_000)).toBeNull();
  });
});
