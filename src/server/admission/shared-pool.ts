import { Holdings } from "./holdings.js";
import { RELAY_TIMES, relayOf } from "./relay-visitors.js";

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
 * can tell apart, `null`, are one class without a share. Those who come through one relay have a share in common too.
 */
export class SharedPool {
  readonly #limits: PoolLimits;
  readonly #held = new Holdings();
  #taken = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns why `visitor` may not take `amount` more, or null */
  refusal(visitor: string | null, amount: number): PoolRefusal | null {
    const free = this.#limits.max - this.#taken;
    if (amount > free) return "full";
    if (visitor === null) return this.#held.of(null) + amount > UNKNOWN_TIMES_FREE * free ? "full" : null;
    const relay = relayOf(visitor);
    const over = this.#isOver(visitor, amount, 1) || (relay !== null && this.#isOver(relay, amount, RELAY_TIMES));
    return over ? "over_share" : null;
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
    this.#held.add(visitor, amount);
  }

  give(visitor: string | null, amount = 1): void {
    this.#taken -= amount;
    this.#held.add(visitor, -amount);
  }

  /** Whether `amount` more is over the share of a visitor, or of a relay, which has so many `times` that share. */
  #isOver(holder: string, amount: number, times: number): boolean {
    const { max, share, timesFree = 1 / 2 } = this.#limits;
    const own = this.#held.of(holder) + amount;
    // One of a small pool's last places is for somebody who has none yet.
    return own > times * share || (own > amount && own > times * timesFree * (max - this.#taken));
  }
}
