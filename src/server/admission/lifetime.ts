import type { IncomingMessage, ServerResponse } from "node:http";

/** On the request itself: a map of all requests would cost the garbage collector more than the requests do. */
const LIFETIME = Symbol("lifetime");

interface Living extends IncomingMessage {
  [LIFETIME]?: Lifetime;
}

/**
 * How long a request holds what was given to it. It ends when its response or its connection has closed, however that
 * came about, and no work for it is under way any more. Then everything held is released, once.
 */
export class Lifetime {
  readonly #releases = new Set<() => void>();
  #closed = false;
  #signal: AbortController | null = null;
  #working = 0;
  #ended = false;

  /** To be called before anything is held for `request`. {@link close} must follow when its connection closes. */
  static begin(request: IncomingMessage, response: ServerResponse): Lifetime {
    const lifetime = new Lifetime();
    (request as Living)[LIFETIME] = lifetime;
    // Node never emits this for a response that waits behind another on a connection that dies.
    response.once("close", () => lifetime.close());
    return lifetime;
  }

  /** @throws Error for a request that no server of ours has taken */
  static of(request: IncomingMessage): Lifetime {
    const lifetime = (request as Living)[LIFETIME];
    if (lifetime === undefined) throw new Error("this request has no lifetime");
    return lifetime;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Aborted when nobody waits for an answer any more; work that is under way may go on. */
  get signal(): AbortSignal {
    this.#signal ??= new AbortController();
    if (this.#closed) this.#signal.abort();
    return this.#signal.signal;
  }

  /**
   * Has `release` called when the lifetime ends, or now if it has.
   * @returns how to release it earlier
   */
  hold(release: () => void): () => void {
    const once = () => {
      if (this.#releases.delete(once)) release();
    };
    this.#releases.add(once);
    // Ended while it was still being taken.
    if (this.#ended) once();
    return once;
  }

  /** What is held stays held at least until `work` has settled. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.#endIfOver();
    }
  }

  close(): void {
    this.#closed = true;
    this.#signal?.abort();
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#ended || this.#working > 0 || !this.#closed) return;
    this.#ended = true;
    const failures: unknown[] = [];
    for (const release of [...this.#releases]) {
      try {
        release();
      } catch (cause) {
        failures.push(cause);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
