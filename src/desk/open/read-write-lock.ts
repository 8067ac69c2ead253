/** A lock that many shared holders have at a time, or a single exclusive one. Exclusive work is queued in order. */
export class ReadWriteLock {
  readonly #shared = new Set<Promise<unknown>>();
  /** Settles with the last exclusive work. Never rejects. */
  #exclusive: Promise<unknown> = Promise.resolve();

  async shared<Value>(work: () => Promise<Value>): Promise<Value> {
    // More exclusive work may be queued while this waits.
    for (let seen: unknown; seen !== this.#exclusive; ) {
      seen = this.#exclusive;
      await seen;
    }
    const running = work();
    this.#shared.add(running);
    return running.finally(() => this.#shared.delete(running));
  }

  exclusive<Value>(work: () => Promise<Value>): Promise<Value> {
    const running = this.#exclusive.then(() => Promise.allSettled(this.#shared)).then(work);
    this.#exclusive = running.catch(() => undefined);
    return running;
  }
}
