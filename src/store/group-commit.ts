/**
 * One commit on behalf of many callers. It serves every call made before it began; calls made while it runs may have
 * come too late for it and share the next one.
 */
export class GroupCommit {
  readonly #commit: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(commit: () => Promise<void>) {
    this.#commit = commit;
  }

  /** Resolves when a commit has ended that began after this call. */
  run(): Promise<void> {
    if (this.#running === null) return this.#begin();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const running = this.#commit().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }
}
