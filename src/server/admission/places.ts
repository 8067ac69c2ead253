/** Room for requests that bring something, of which no visitor gets more than a share. */
export class Places {
  readonly #most: number;
  readonly #share: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** @param share the most that one visitor may have; those who cannot be told apart have no share */
  constructor(most: number, share: number) {
    this.#most = most;
    this.#share = share;
  }

  get taken(): number {
    return this.#all;
  }

  /** Takes a place in any case, to be given back with {@link leave}; says whether there was room for it. */
  take(visitor: string | null): "free" | "full" | "too_many" {
    this.#all += 1;
    const own = visitor === null ? 0 : (this.#taken.get(visitor) ?? 0) + 1;
    if (visitor !== null) this.#taken.set(visitor, own);
    if (own > this.#share) return "too_many";
    return this.#all > this.#most ? "full" : "free";
  }

  leave(visitor: string | null): void {
    this.#all -= 1;
    if (visitor === null) return;
    const own = (this.#taken.get(visitor) ?? 1) - 1;
    if (own === 0) this.#taken.delete(visitor);
    else this.#taken.set(visitor, own);
  }
}
