/** Visitors that nobody can tell apart may hold this many times what is free: an eighth is left to all others. */
const UNKNOWN_TIMES_FREE = 7;

export type PoolRefusal = "over_share" | "full";

export interface PoolLimits {
  /** Amount that all visitors together may hold. */
  readonly max: number;
  /** Amount that one visitor may hold, however empty the pool is. */
  readonly share: number;
  /** How many times what is free one visitor may hold: 1/2 leaves others two thirds of the pool, 2 a third. */
  readonly timesFree?: number;
}

/**
 * An amount of something that visitors share. A visitor may hold a multiple of what all leave free (a dynamic
 * threshold: Choudhury and Hahne, 1998), so that the next one finds room whatever the others hold. Visitors that nobody
 * can tell apart, `null`, are one class without a share.
 */
export class SharedPool {
  readonly #limits: PoolLimits;
  readonly #held = new Map<string | null, number>();
  #taken = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns why `visitor` may not take `amount` more, or null */
  refusal(visitor: string | null, amount: number): PoolRefusal | null {
    const { max, share, timesFree = 1 / 2 } = this.#limits;
    const free = max - this.#taken;
    const own = (this.#held.get(visitor) ?? 0) + amount;
    if (amount > free) return "full";
    if (visitor === null) return own > UNKNOWN_TIMES_FREE * free ? "full" : null;
    // One of a small pool's last places is for somebody who has none yet.
    return own > share || (own > amount && own > timesFree * free) ? "over_share" : null;
  }

  /** Takes `amount` unless {@link refusal} says why not. */
  take(visitor: string | null, amount = 1): PoolRefusal | null {
    const refusal = this.refusal(visitor, amount);
    if (refusal === null) this.add(visitor, amount);
    return refusal;
  }

  /** Counts what `visitor` holds in any case. */
  add(visitor: string | null, amount: number): void {
    this.#taken += amount;
    this.#held.set(visitor, (this.#held.get(visitor) ?? 0) + amount);
  }

  give(visitor: string | null, amount = 1): void {
    this.#taken -= amount;
    const own = (this.#held.get(visitor) ?? 0) - amount;
    if (own > 0) this.#held.set(visitor, own);
    else this.#held.delete(visitor);
  }
}
