const TICKS = 10;

/**
 * Calls `onStall` once when nothing has progressed for `timeoutMs`. It counts ticks instead of reading the clock, so
 * that a machine may sleep in between.
 */
export class StallTimer {
  readonly #timeoutMs: number;
  readonly #onStall: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;

  constructor(timeoutMs: number, onStall: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onStall = onStall;
  }

  /** Starts, or starts again from zero. */
  start(): void {
    this.progress();
    this.#timer ??= setInterval(() => {
      this.#ticks += 1;
      if (this.#ticks <= TICKS) return;
      this.stop();
      this.#onStall();
    }, this.#timeoutMs / TICKS);
  }

  /** Does not start a timer that has been stopped. */
  progress(): void {
    this.#ticks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
