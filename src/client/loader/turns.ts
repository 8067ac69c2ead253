/** Connections at one time after which some networks swallow every new one for a while. */
const MAX_COUNTED = 3;

/**
 * Lets a number of tasks run at one time, and the others wait in their order. Counts connections that have ended here
 * and may not have ended for the network: one that goes silent swallows the end as well.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #allowed: number;
  #running = 0;
  #lingering = 0;
  #trusting = false;
  /** Connections that others are about to make. */
  #others = 0;
  readonly #leaving: (() => void)[] = [];

  constructor(allowed: number) {
    this.#allowed = allowed;
  }

  /** How many may run from now on; what runs is not interrupted. */
  allow(tasks: number): void {
    this.#allowed = tasks;
    this.#next();
  }

  /** Counts a connection for so many milliseconds after its end. */
  linger(milliseconds: number): void {
    this.#lingering += 1;
    setTimeout(() => {
      this.#lingering -= 1;
      this.#next();
    }, milliseconds);
  }

  /** Whether the network lets long connections through, so that each of them ends for it as well. */
  trust(trusting: boolean): void {
    this.#trusting = trusting;
    this.#next();
  }

  /** Leaves so many connections to others from now on. Resolves once none too many counts. */
  leaveRoom(connections: number): Promise<void> {
    this.#others = connections;
    return new Promise((resolve) => {
      this.#leaving.push(resolve);
      this.#next();
    });
  }

  async take<Value>(task: () => Promise<Value>): Promise<Value> {
    await new Promise<void>((begin) => {
      this.#waiting.push(begin);
      this.#next();
    });
    try {
      return await task();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  get #room(): number {
    return this.#trusting ? Number.POSITIVE_INFINITY : MAX_COUNTED - this.#others - this.#running - this.#lingering;
  }

  #next(): void {
    if (this.#room >= 0) for (const resolve of this.#leaving.splice(0)) resolve();
    while (this.#running < this.#allowed && this.#room > 0) {
      const begin = this.#waiting.shift();
      if (begin === undefined) return;
      this.#running += 1;
      begin();
    }
  }
}
