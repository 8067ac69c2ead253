/** Ends a request once nothing of its answer has been heard for so long, or the whole of it takes too long. */
export class Silence {
  readonly #ending = new AbortController();
  readonly #silenceMs: number;
  readonly #whole: ReturnType<typeof setTimeout>;
  #next: ReturnType<typeof setTimeout>;

  constructor(silenceMs: number, wholeMs: number) {
    this.#silenceMs = silenceMs;
    this.#whole = setTimeout(this.end, wholeMs);
    this.#next = setTimeout(this.end, silenceMs);
  }

  /** Of the request. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  heard(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(this.end, this.#silenceMs);
  }

  /** Ends the watch, and what is left of the request. */
  readonly end = (): void => {
    clearTimeout(this.#whole);
    clearTimeout(this.#next);
    this.#ending.abort();
  };
}
