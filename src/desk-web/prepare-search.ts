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
  #isScheduled = false;
  #waiting: (() => void) | null = null;

  /** @param cases the list itself: others may be added at its end */
  constructor(cases: readonly SearchableCase[]) {
    this.#cases = cases;
    this.#schedule();
  }

  /** Goes on after cases were added. */
  added(): void {
    if (!this.#isScheduled) this.#schedule();
  }

  /** How many cases are read, from the first one on. */
  get ready(): number {
    return this.#next;
  }

  get isDone(): boolean {
    return this.#stopped || this.#next >= this.#cases.length;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Calls `act` once all cases are read. A later call replaces it. */
  whenDone(act: () => void): void {
    if (this.#waiting === null) this.#hurry();
    this.#waiting = act;
  }

  /** Reads for a slice, for somebody who waits. */
  hurry(): void {
    this.#read(AWAITED_SLICE_MS);
  }

  #read(ms: number): void {
    const end = performance.now() + ms;
    while (!this.isDone && performance.now() < end) {
      const next = this.#cases[this.#next];
      next?.sent.prepare();
      next?.written.prepare();
      this.#next += 1;
    }
  }

  #schedule(): void {
    this.#isScheduled = !this.isDone;
    if (this.isDone) return;
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
      if (!this.isDone) return this.#hurry();
      const act = this.#waiting;
      this.#waiting = null;
      act?.();
    }, 0);
  }
}
