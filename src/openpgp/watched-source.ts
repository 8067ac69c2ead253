/** How long a reader may neither ask for more nor come to an end. Only work on bytes in memory counts towards it. */
const PATIENCE_MS = 5_000;
const CHECK_MS = 250;

/**
 * Stands between a stream and a reader that may stop for ever without an error, as openpgp.js 6.3 does when a damaged
 * or hostile message holds a packet that it streams but does not accept: it waits to hand on bytes nobody takes.
 */
export class WatchedSource {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** Since when the source has owed nothing: the next move is the reader's. Null while the source is being waited for. */
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

  /** The outcome of `work`, which reads the stream; rejects when that has come to a standstill. */
  async watch<Value>(work: Promise<Value>): Promise<Value> {
    let timer: ReturnType<typeof setInterval> | undefined;
    if (this.#idleSince !== null) this.#idleSince = Date.now();
    const standstill = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (this.#idleSince !== null && Date.now() - this.#idleSince > PATIENCE_MS) {
          reject(new Error("the reader has come to a standstill"));
        }
      }, CHECK_MS);
    });
    try {
      return await Promise.race([work, standstill]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Lets go of the source, which a stalled reader would hold open. */
  async cancel(reason: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }
}
