/** Time in which the reader must ask for more or finish. Waiting for the source does not count. */
const STALL_TIMEOUT_MS = 5_000;
const CHECK_INTERVAL_MS = 250;

/**
 * Sits between a stream and a reader that may stall for ever without an error. openpgp.js 6.3 does so when a damaged or
 * hostile message holds a packet that it streams but does not accept: it waits to hand on bytes that nobody reads.
 */
export class StallWatchdog {
  /** The source's bytes, for the reader. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** When the reader last got an answer from the source; null while the source owes it one. */
  #idleSince: number | null = Date.now();

  constructor(source: ReadableStream<Uint8Array>) {
    const reader = source.getReader();
    this.#reader = reader;
    this.stream = new ReadableStream(
      {
        pull: async (controller) => {
          this.#idleSince = null;
          const { done, value } = await reader.read();
          this.#idleSince = Date.now();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** The result of `work`, which reads {@link stream}. @throws Error when `work` stalls */
  async watch<Value>(work: Promise<Value>): Promise<Value> {
    let timer: ReturnType<typeof setInterval> | undefined;
    if (this.#idleSince !== null) this.#idleSince = Date.now();
    const stall = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (this.#idleSince !== null && Date.now() - this.#idleSince > STALL_TIMEOUT_MS) {
          reject(new Error("the reader has stalled"));
        }
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
