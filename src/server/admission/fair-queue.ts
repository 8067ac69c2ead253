import { Fault } from "../../core/index.js";
import { VisitorLines } from "./visitor-lines.js";

export class BusyError extends Fault<"busy"> {}

export interface FairQueueLimits {
  /** Concurrency limit. */
  readonly parallel: number;
  readonly maxWaiting: number;
  readonly waitTimeoutMs: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly turnAway: () => void;
}

/**
 * Limits how much costly work runs at one time. More waits, each visitor's in a line by itself: the lines take turns,
 * and when there is no room the longest line gives way.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #lines = new VisitorLines<Waiting>();
  #running = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#lines.size;
  }

  /** Running and waiting. */
  get size(): number {
    return this.#running + this.#lines.size;
  }

  /**
   * @param signal takes work that still waits out of its line
   * @throws BusyError when too many wait, or too long, or `signal` is aborted; or what `work` throws
   */
  async pass<Value>(visitor: string | null, work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    if (signal?.aborted) throw tooMany();
    if (this.#running < this.#limits.parallel) this.#running += 1;
    else await this.#wait(visitor, signal);
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place, so that nobody can come in between.
      const next = this.#lines.next();
      if (next === undefined) this.#running -= 1;
      else next.begin();
    }
  }

  #wait(visitor: string | null, signal: AbortSignal | undefined): Promise<void> {
    if (this.#lines.size >= this.#limits.maxWaiting) {
      // Who stands in the longest line already may not push another out of it.
      const last = this.#lines.lastFor(visitor);
      if (last === null) throw tooMany();
      last.turnAway();
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.turnAway(), this.#limits.waitTimeoutMs);
      const leave = () => waiting.turnAway();
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", leave);
      };
      signal?.addEventListener("abort", leave);
      const waiting: Waiting = {
        begin: () => {
          settle();
          resolve();
        },
        turnAway: () => {
          settle();
          this.#lines.remove(visitor, waiting);
          reject(tooMany());
        },
      };
      this.#lines.add(visitor, waiting);
    });
  }
}

function tooMany(): BusyError {
  return new BusyError("busy", "too many are waiting already");
}
