/**
 * Something that is done for many who each wait for it. One run serves all who asked before it began; who asks while one is under
 * way may have come too late for it, and waits for the next.
 */
export class SharedRun {
  readonly #act: () => Promise<void>;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(act: () => Promise<void>) {
    this.#act = act;
  }

  /** Resolves when a run has ended that began after this was called. */
  ask(): Promise<void> {
    if (this.#underWay === null) return this.#begin();
    this.#next ??= this.#underWay
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const underWay = this.#act().finally(() => {
      if (this.#underWay === underWay) this.#underWay = null;
    });
    this.#underWay = underWay;
    return underWay;
  }
}
