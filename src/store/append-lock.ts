/**
 * Runs one append per upload at a time. The last write of a broken connection may still be running when the client is
 * back and asks how far it has come.
 */
export class AppendLock {
  readonly #running = new Map<string, Promise<unknown>>();

  /** Resolves when the appends to `id` so far have ended. Never rejects. */
  async settled(id: string): Promise<void> {
    await this.#running.get(id);
  }

  run<Value>(id: string, append: () => Promise<Value>): Promise<Value> {
    const appending = (this.#running.get(id) ?? Promise.resolve()).then(append);
    const settled = appending
      .catch(() => undefined)
      .then(() => {
        if (this.#running.get(id) === settled) this.#running.delete(id);
      });
    this.#running.set(id, settled);
    return appending;
  }
}
