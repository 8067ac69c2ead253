import { VisitorLines } from "./visitor-lines.js";

/** Pages take some 5 ms at most, and storing a small piece a tenth of one: many of those fit. */
const BUDGET_MS = 2;

/**
 * Begins work in each iteration of the event loop until a budget of time is spent, the visitors in turn. Node accepts
 * one connection in each iteration: were all waiting work done in one, nobody new would get in. So a visitor waits for
 * one piece of work of each other visitor at most.
 */
export class Turns {
  readonly #lines = new VisitorLines<() => void>();
  readonly #budgetMs: number;
  /** When the first work of this iteration began, by performance.now(); null before it. */
  #begunAt: number | null = null;

  /** @param budgetMs with 0, one piece of work begins in each iteration */
  constructor(budgetMs = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  get waiting(): number {
    return this.#lines.size;
  }

  /** Begins `work` now, or when it is the turn of `visitor`. */
  begin(visitor: string | null, work: () => void): void {
    if (this.#lines.size === 0 && this.#mayBegin()) work();
    else this.#lines.add(visitor, work);
  }

  /** Whether this iteration has time for one more. The next one goes on with what waits. */
  #mayBegin(): boolean {
    if (this.#begunAt !== null) return performance.now() - this.#begunAt < this.#budgetMs;
    this.#begunAt = performance.now();
    setImmediate(() => {
      this.#begunAt = null;
      this.#next();
    });
    return true;
  }

  #next(): void {
    while (this.#lines.size > 0 && this.#mayBegin()) this.#lines.next()?.();
  }
}
