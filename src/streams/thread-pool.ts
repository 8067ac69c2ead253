import { BATCH, RingBuffer, SLOTS } from "./ring-buffer.js";
import { WorkerThread } from "./worker-thread.js";

/** Threads that each transform one stream of blocks at a time. One idle thread is kept for the next stream. */
export class ThreadPool {
  readonly #program: URL;
  readonly #slotBytes: number;
  #spare: WorkerThread | null = null;

  /**
   * @param program of a thread: for each message `{ memory, ...settings }` it must serve the ring in that memory, and
   *   post any message as a wake-up
   * @param slotBytes the largest size of a block, before or after the transform
   */
  constructor(program: URL, slotBytes: number) {
    this.#program = program;
    this.#slotBytes = slotBytes;
  }

  /**
   * Transforms `blocks`, each given as chunks, in another thread and yields the results in order. A result is valid
   * until the next one is asked for.
   */
  async *run(settings: object, blocks: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
    const ring = RingBuffer.create(this.#slotBytes);
    const thread = this.#spare ?? new WorkerThread(this.#program);
    this.#spare = null;
    const done = async (count: number) => {
      while (ring.requestWake(count)) await thread.nextMessage();
    };
    let taken = 0;
    let filled = 0;
    let finished = false;
    try {
      thread.post({ ...settings, memory: ring.memory });
      for await (const chunks of blocks) {
        if (filled - taken === SLOTS) await done(taken + BATCH);
        for (; taken < ring.done; taken += 1) yield ring.take(taken);
        ring.fill(filled, chunks);
        filled += 1;
      }
      ring.end(filled);
      for (; taken < filled; taken += 1) {
        await done(taken + 1);
        yield ring.take(taken);
      }
      finished = true;
    } finally {
      // A thread whose stream broke off still waits for more blocks.
      if (!finished || this.#spare !== null) await thread.terminate();
      else {
        thread.unref();
        this.#spare = thread;
      }
    }
  }
}
