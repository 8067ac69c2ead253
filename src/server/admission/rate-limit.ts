import { RateLimiterMemory } from "rate-limiter-flexible";
import { RELAY_TIMES, relayOf } from "./relay-visitors.js";

export interface RateLimits {
  /** Requests a second of one visitor, and of all. Visitors that nobody can tell apart are held to the second only. */
  readonly perVisitor: number;
  readonly all: number;
}

/** Limits how often something may be asked: by each visitor first, so that one does not use up what is for all. */
export class RateLimit {
  readonly #own: VisitorRate;
  readonly #all: RateLimiterMemory;

  constructor({ perVisitor, all }: RateLimits) {
    this.#own = new VisitorRate(perVisitor, 1);
    this.#all = new RateLimiterMemory({ points: all, duration: 1 });
  }

  async mayPass(visitor: string | null): Promise<boolean> {
    return (visitor === null || (await this.#own.mayPass(visitor))) && passes(this.#all, "all");
  }
}

/** Limits how often each visitor may do something, and how often all may who come through one relay. */
export class VisitorRate {
  readonly #visitors: RateLimiterMemory;
  readonly #relays: RateLimiterMemory;

  constructor(perVisitor: number, durationSeconds: number) {
    this.#visitors = new RateLimiterMemory({ points: perVisitor, duration: durationSeconds });
    this.#relays = new RateLimiterMemory({ points: RELAY_TIMES * perVisitor, duration: durationSeconds });
  }

  async mayPass(visitor: string): Promise<boolean> {
    const relay = relayOf(visitor);
    // The relay first: names that it makes up take no memory once it has had its share.
    return (relay === null || (await passes(this.#relays, relay))) && passes(this.#visitors, visitor);
  }
}

/** Whether one more of `key` keeps to the limit. */
export function passes(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  return limiter.consume(key).then(
    () => true,
    () => false,
  );
}
