interface Line {
  readonly visitor: string | null;
  readonly work: (() => void)[];
}

/**
 * Begins one piece of work in each iteration of the event loop, the visitors in turn. Node accepts one connection in
 * each iteration: were all waiting work done in one, nobody new would get in. So a visitor waits for one piece of work
 * of each other visitor at most.
 */
export class Turns {
  /** In the order of their turns. No line is empty. */
  readonly #lines = new Map<string | null, Line>();
  #waiting = 0;
  /** Whether this iteration has had its piece of work. */
  #taken = false;

  get waiting(): number {
    return this.#waiting;
  }

  /** Begins `work` now, or when it is the turn of `visitor`. */
  begin(visitor: string | null, work: () => void): void {
    if (!this.#taken && this.#waiting === 0) {
      this.#take();
      work();
      return;
    }
    const line = this.#lines.get(visitor) ?? { visitor, work: [] };
    line.work.push(work);
    this.#lines.set(visitor, line);
    this.#waiting += 1;
  }

  #take(): void {
    this.#taken = true;
    setImmediate(() => {
      this.#taken = false;
      this.#next();
    });
  }

  #next(): void {
    const [line] = this.#lines.values();
    const work = line?.work.shift();
    if (line === undefined || work === undefined) return;
    this.#waiting -= 1;
    // To the end of the round, or out of it.
    this.#lines.delete(line.visitor);
    if (line.work.length > 0) this.#lines.set(line.visitor, line);
    this.#take();
    work();
  }
}
