import { RateLimiterMemory } from "rate-limiter-flexible";

export interface RateLimits {
  /** Requests a second of one visitor, and of all. Visitors that nobody can tell apart are held to the second only. */
  readonly perVisitor: number;
  readonly all: number;
}

/** Limits how often something may be asked: by each visitor first, so that one does not use up what is for all. */
export class RateLimit {
  readonly #own: RateLimiterMemory;
  readonly #all: RateLimiterMemory;

  constructor({ perVisitor, all }: RateLimits) {
    this.#own = new RateLimiterMemory({ points: perVisitor, duration: 1 });
    this.#all = new RateLimiterMemory({ points: all, duration: 1 });
  }

  async mayPass(visitor: string | null): Promise<boolean> {
    return (visitor === null || (await passes(this.#own, visitor))) && passes(this.#all, "all");
  }
}

/** Whether one more of `key` keeps to the limit. */
export function passes(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  return limiter.consume(key).then(
    () => true,
    () => false,
  );
}
