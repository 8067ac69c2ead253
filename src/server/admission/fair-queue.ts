import { Fault } from "../../core/index.js";

export class BusyError extends Fault<"busy"> {}

export interface FairQueueLimits {
  /** Pieces of work going on at one time. */
  readonly parallel: number;
  /** Pieces of work that may wait. */
  readonly mostWaiting: number;
  /** Milliseconds that one waits before it is turned away. */
  readonly longestWait: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly turnAway: () => void;
}

/**
 * Lets a few pieces of costly work go on at one time and more wait, each visitor in a line of its own: the lines take
 * turns, and when there is no room it is the longest line that gives way. Those who cannot be told apart share one.
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

  /** @throws BusyError when too many wait, or too long; or what `work` throws */
  async pass<Value>(visitor: string | null, work: () => Promise<Value>): Promise<Value> {
    if (this.#running < this.#limits.parallel) this.#running += 1;
    else await this.#wait(visitor);
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place, so that nobody can come in between.
      const next = this.#next();
      if (next === undefined) this.#running -= 1;
      else next.begin();
    }
  }

  #wait(visitor: string | null): Promise<void> {
    if (this.#waiting >= this.#limits.mostWaiting) {
      const longest = this.#longestLine();
      // Who stands in the longest line already may not push another out of it.
      if (longest === undefined || longest[1].length <= (this.#lines.get(visitor)?.length ?? 0) + 1) throw tooMany();
      longest[1].at(-1)?.turnAway();
    }
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(visitor) ?? [];
      const timer = setTimeout(() => waiting.turnAway(), this.#limits.longestWait);
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
        turnAway: () => {
          clearTimeout(timer);
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
