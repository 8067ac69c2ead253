import type { SearchableCase } from "../cases/index.js";

/** What a browser without idle time gets instead, ms. */
const PAUSE_MS = 50;
const SLICE_MS = 10;
/** A slice while somebody waits for it, ms: their next key is not held up for longer. */
const AWAITED_SLICE_MS = 40;

/** Reads cases for the search while nobody does anything: the first search of thousands would take half a second. */
export class SearchPreparation {
  readonly #cases: readonly SearchableCase[];
  #next = 0;
  #stopped = false;
  #waiting: (() => void) | null = null;

  constructor(cases: readonly SearchableCase[]) {
    this.#cases = cases;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Calls `act` once all cases are read: at once if that takes no longer than a slice. A later call replaces it. */
  whenDone(act: () => void): void {
    this.#read(AWAITED_SLICE_MS);
    if (this.#isDone) {
      act();
      return;
    }
    if (this.#waiting === null) this.#hurry();
    this.#waiting = act;
  }

  get #isDone(): boolean {
    return this.#stopped || this.#next >= this.#cases.length;
  }

  #read(ms: number): void {
    const end = performance.now() + ms;
    while (!this.#isDone && performance.now() < end) {
      this.#cases[this.#next]?.sent.prepare();
      this.#next += 1;
    }
  }

  #schedule(): void {
    if (this.#isDone) return;
    const go = (ms: number) => {
      this.#read(ms);
      this.#schedule();
    };
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback((deadline) => go(Math.max(SLICE_MS, deadline.timeRemaining() - 1)), { timeout: PAUSE_MS });
    } else setTimeout(() => go(SLICE_MS), PAUSE_MS);
  }

  #hurry(): void {
    setTimeout(() => {
      this.#read(AWAITED_SLICE_MS);
      if (!this.#isDone) return this.#hurry();
      const act = this.#waiting;
      this.#waiting = null;
      act?.();
    }, 0);
  }
}
