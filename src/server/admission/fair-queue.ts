import { Fault } from "../../core/index.js";

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
 * and when there is no room the longest line gives way. Visitors that nobody can tell apart share one.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  /** In the order in which they have their turn. No line is empty. */
  readonly #lines = new Map<string | null, Waiting[]>();
  #waiting = 0;
  #running = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Running and waiting. */
  get size(): number {
    return this.#running + this.#waiting;
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
      const next = this.#next();
      if (next === undefined) this.#running -= 1;
      else next.begin();
    }
  }

  #wait(visitor: string | null, signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting >= this.#limits.maxWaiting) {
      const longest = this.#longestLine();
      // Who stands in the longest line already may not push another out of it.
      if (longest === undefined || longest[1].length <= (this.#lines.get(visitor)?.length ?? 0) + 1) throw tooMany();
      longest[1].at(-1)?.turnAway();
    }
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(visitor) ?? [];
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
          line.splice(line.indexOf(waiting), 1);
          if (line.length === 0) this.#lines.delete(visitor);
          this.#waiting -= 1;
          reject(tooMany());
        },
      };
      line.push(waiting);
      this.#lines.set(visitor, line);
      this.#waiting += 1;
    });
  }

  #next(): Waiting | undefined {
    for (const [visitor, line] of this.#lines) {
      const next = line.shift();
      // To the end of the round, or out of it.
      this.#lines.delete(visitor);
      if (line.length > 0) this.#lines.set(visitor, line);
      this.#waiting -= 1;
      return next;
    }
    return undefined;
  }

  #longestLine(): [string | null, Waiting[]] | undefined {
    return [...this.#lines].reduce<[string | null, Waiting[]] | undefined>(
      (longest, each) => (longest === undefined || each[1].length > longest[1].length ? each : longest),
      undefined,
    );
  }
}

function tooMany(): BusyError {
  return new BusyError("busy", "too many are waiting already");
}
