/** Lets a number of tasks run at one time, and the others wait in their order. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #allowed: number;
  #running = 0;

  constructor(allowed: number) {
    this.#allowed = allowed;
  }

  /** How many may run from now on; what runs is not interrupted. */
  allow(tasks: number): void {
    this.#allowed = tasks;
    this.#next();
  }

  async take<Value>(task: () => Promise<Value>): Promise<Value> {
    await new Promise<void>((begin) => {
      this.#waiting.push(begin);
      this.#next();
    });
    try {
      return await task();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #next(): void {
    while (this.#running < this.#allowed) {
      const begin = this.#waiting.shift();
      if (begin === undefined) return;
      this.#running += 1;
      begin();
    }
  }
}
