import { StallTimer } from "../../core/index.js";

/** Ends a request once nothing of its answer has been heard for so long, or the whole of it takes too long. */
export class Silence {
  readonly #ending = new AbortController();
  readonly #whole: ReturnType<typeof setTimeout>;
  readonly #stall: StallTimer;

  constructor(silenceMs: number, wholeMs: number) {
    this.#whole = setTimeout(this.end, wholeMs);
    this.#stall = new StallTimer(silenceMs, this.end);
    this.#stall.start();
  }

  /** Of the request. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  heard(): void {
    this.#stall.progress();
  }

  /** Ends the watch, and what is left of the request. */
  readonly end = (): void => {
    clearTimeout(this.#whole);
    this.#stall.stop();
    this.#ending.abort();
  };
}
