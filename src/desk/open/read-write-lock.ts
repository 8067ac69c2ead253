/** Lets pieces of work run beside each other, but for some that run when nothing else does. */
export class Turns {
  readonly #running = new Set<Promise<unknown>>();
  /** The end of the last piece that is to run alone. Never rejects. */
  #alone: Promise<unknown> = Promise.resolve();

  async beside<Value>(work: () => Promise<Value>): Promise<Value> {
    // Another may have come to be alone in the meantime.
    for (let before: unknown; before !== this.#alone; ) {
      before = this.#alone;
      await before;
    }
    const running = work();
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const running = this.#alone.then(() => Promise.allSettled(this.#running)).then(work);
    this.#alone = running.catch(() => undefined);
    return running;
  }
}
