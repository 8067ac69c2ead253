import { Fault } from "../core/index.js";

export class BusyError extends Fault<"busy"> {}

/** Lets a few pieces of costly work go on at one time, and a few more wait. */
export class Turnstile {
  readonly #parallel: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(parallel: number, mostWaiting: number) {
    this.#parallel = parallel;
    this.#mostWaiting = mostWaiting;
  }

  /** @throws BusyError at once when too many wait; or what `work` throws */
  async pass<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= this.#parallel && this.#waiting.length >= this.#mostWaiting) {
      throw new BusyError("busy", "too many are waiting already");
    }
    return this.queue(work);
  }

  /** As {@link pass}, but waits however many do. */
  async queue<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= this.#parallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place, so that nobody can come in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
