import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StallTimer } from "../../src/core/index.js";

const TIMEOUT_MS = 1_000;

describe("a stall timer", () => {
  const onStall = vi.fn();
  let timer: StallTimer;
  beforeEach(() => {
    vi.useFakeTimers();
    onStall.mockClear();
    timer = new StallTimer(TIMEOUT_MS, onStall);
  });
  afterEach(() => vi.useRealTimers());

  it("calls once, after its timeout and a tick at most", () => {
    timer.start();
    vi.advanceTimersByTime(TIMEOUT_MS);
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    expect(onStall).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits as long as there is progress", () => {
    timer.start();
    for (let count = 0; count < 20; count += 1) {
      vi.advanceTimersByTime(TIMEOUT_MS - 1);
      timer.progress();
    }
    expect(onStall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2 * TIMEOUT_MS);
    expect(onStall).toHaveBeenCalledOnce();
  });

  it("does not count the time in which the machine sleeps", () => {
    timer.start();
    vi.setSystemTime(Date.now() + 1_000 * TIMEOUT_MS);
    vi.advanceTimersByTime(TIMEOUT_MS / 2);
    expect(onStall).not.toHaveBeenCalled();
  });

  it("keeps no process alive once it has been stopped, whatever comes later", () => {
    timer.start();
    timer.stop();
    timer.progress();
    expect(vi.getTimerCount()).toBe(0);
    timer.start();
    expect(vi.getTimerCount()).toBe(1);
    timer.stop();
  });
});
