interface Line {
  readonly visitor: string | null;
  readonly work: (() => void)[];
}

/** Pages take some 5 ms at most, and storing a small piece a tenth of one: many of those fit. */
const BUDGET_MS = 2;

/**
 * Begins work in each iteration of the event loop until a budget of time is spent, the visitors in turn. Node accepts
 * one connection in each iteration: were all waiting work done in one, nobody new would get in. So a visitor waits for
 * one piece of work of each other visitor at most.
 */
export class Turns {
  /** In the order of their turns. No line is empty. */
  readonly #lines = new Map<string | null, Line>();
  readonly #budgetMs: number;
  #waiting = 0;
  /** When the first work of this iteration began, by performance.now(); null before it. */
  #begunAt: number | null = null;

  /** @param budgetMs with 0, one piece of work begins in each iteration */
  constructor(budgetMs = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Begins `work` now, or when it is the turn of `visitor`. */
  begin(visitor: string | null, work: () => void): void {
    if (this.#waiting === 0 && this.#mayBegin()) {
      work();
      return;
    }
    const line = this.#lines.get(visitor) ?? { visitor, work: [] };
    line.work.push(work);
    this.#lines.set(visitor, line);
    this.#waiting += 1;
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
    while (this.#waiting > 0 && this.#mayBegin()) this.#shift()?.();
  }

  #shift(): (() => void) | undefined {
    const [line] = this.#lines.values();
    const work = line?.work.shift();
    if (line === undefined || work === undefined) return undefined;
    this.#waiting -= 1;
    // To the end of the round, or out of it.
    this.#lines.delete(line.visitor);
    if (line.work.length > 0) this.#lines.set(line.visitor, line);
    return work;
  }
}
