import { VisitorLines } from "./visitor-lines.js";

/** Pages take some 5 ms at most, and storing a small piece a tenth of one: many of those fit. */
const BUDGET_MS = 2;

/**
 * Begins work in each iteration of the event loop until a budget of time is spent, the visitors in turn: a visitor
 * waits for one piece of work of each other visitor at most. Node accepts one connection in each iteration. So while
 * connections come, work waits as long as the work before it took: half of the time is theirs, and a long line of them
 * keeps nobody new outside.
 */
export class Turns {
  readonly #lines = new VisitorLines<() => void>();
  readonly #budgetMs: number;
  /** When the first work of this iteration began, by performance.now(); null before it. */
  #begunAt: number | null = null;
  /** When the last work of an iteration ended, and how long all of that iteration's took. */
  #endedAt = 0;
  #tookMs = 0;
  /** Whether a connection came since the last iteration. */
  #connected = false;
  #scheduled = false;

  /** @param budgetMs with 0, one piece of work begins in each iteration */
  constructor(budgetMs = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  get waiting(): number {
    return this.#lines.size;
  }

  /** To be called for each connection that is accepted. */
  connected(): void {
    this.#connected = true;
    this.#goOn();
  }

  /** Begins `work` now, or when it is the turn of `visitor`. */
  begin(visitor: string | null, work: () => void): void {
    if (this.#lines.size === 0 && this.#mayBegin()) this.#do(work);
    else this.#lines.add(visitor, work);
  }

  /** Whether this iteration has time for one more. The next one goes on with what waits. */
  #mayBegin(): boolean {
    this.#goOn();
    if (this.#begunAt !== null) return performance.now() - this.#begunAt < this.#budgetMs;
    if (this.#connected && performance.now() - this.#endedAt < this.#tookMs) return false;
    this.#begunAt = performance.now();
    return true;
  }

  #do(work: () => void): void {
    try {
      work();
    } finally {
      this.#endedAt = performance.now();
      this.#tookMs = this.#endedAt - (this.#begunAt ?? this.#endedAt);
    }
  }

  #goOn(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#begunAt = null;
      this.#next();
      this.#connected = false;
    });
  }

  #next(): void {
    while (this.#lines.size > 0 && this.#mayBegin()) {
      const work = this.#lines.next();
      if (work !== undefined) this.#do(work);
    }
  }
}
