const CHECK_INTERVAL_MS = 250;
/**
 * Checks, 5 s in all, within which the reader must ask for more or finish. Waiting for the source does not count, nor
 * does the time that a machine sleeps.
 */
const MAX_IDLE_CHECKS = 20;

/**
 * Sits between a stream and a reader that may stall for ever without an error. openpgp.js 6.3 does so when a damaged or
 * hostile message holds a packet that it streams but does not accept: it waits to hand on bytes that nobody reads.
 */
export class StallWatchdog {
  /** The source's bytes, for the reader. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** Checks since the reader last got an answer from the source; null while the source owes it one. */
  #idleChecks: number | null = 0;
  #sourceFault: { readonly cause: unknown } | null = null;

  constructor(source: ReadableStream<Uint8Array>) {
    const reader = source.getReader();
    this.#reader = reader;
    this.stream = new ReadableStream(
      {
        pull: async (controller) => {
          this.#idleChecks = null;
          const { done, value } = await reader.read().catch((cause: unknown) => {
            this.#sourceFault = { cause };
            throw cause;
          });
          this.#idleChecks = 0;
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** The source's own error, if that is why the reader failed. */
  get sourceFault(): { readonly cause: unknown } | null {
    return this.#sourceFault;
  }

  /** The result of `work`, which reads {@link stream}. @throws Error when `work` stalls */
  async watch<Value>(work: Promise<Value>): Promise<Value> {
    let timer: ReturnType<typeof setInterval> | undefined;
    if (this.#idleChecks !== null) this.#idleChecks = 0;
    const stall = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (this.#idleChecks === null) return;
        this.#idleChecks += 1;
        if (this.#idleChecks > MAX_IDLE_CHECKS) reject(new Error("the reader has stalled"));
      }, CHECK_INTERVAL_MS);
    });
    try {
      return await Promise.race([work, stall]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Cancels the source, which a stalled reader would keep open. */
  async cancel(reason: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }
}
