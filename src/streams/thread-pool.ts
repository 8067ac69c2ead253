import { SharedRing, SLOTS, TOGETHER } from "./ring-buffer.js";
import { WorkingThread } from "./worker-thread.js";

/** Threads that each work on one stream of blocks at a time; one of them is kept for whoever comes next. */
export class ThreadPool {
  readonly #program: URL;
  readonly #capacity: number;
  #spare: WorkingThread | null = null;

  /**
   * @param program of a thread: for each message, `{ memory, ...settings }`, it must serve the ring in that memory, and send any
   *   message to wake the other side
   * @param capacity bytes of the largest block, before or after the work
   */
  constructor(program: URL, capacity: number) {
    this.#program = program;
    this.#capacity = capacity;
  }

  /**
   * Has each of `blocks`, put together from its pieces, worked on in another thread, and yields what they have become, in order.
   * What is yielded stays as it is only until the next is asked for.
   */
  async *run(settings: object, blocks: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
    const ring = SharedRing.create(this.#capacity);
    const thread = this.#spare ?? new WorkingThread(this.#program);
    this.#spare = null;
    const done = async (count: number) => {
      while (ring.mustWait(count)) await thread.news();
    };
    let taken = 0;
    let filled = 0;
    let whole = false;
    try {
      thread.order({ ...settings, memory: ring.memory });
      for await (const pieces of blocks) {
        if (filled - taken === SLOTS) await done(taken + TOGETHER);
        for (; taken < ring.done; taken += 1) yield ring.take(taken);
        ring.fill(filled, pieces);
        filled += 1;
      }
      ring.end(filled);
      for (; taken < filled; taken += 1) {
        await done(taken + 1);
        yield ring.take(taken);
      }
      whole = true;
    } finally {
      // One that has not come to the end of its blocks waits for them still.
      if (!whole || this.#spare !== null) await thread.stop();
      else {
        thread.rest();
        this.#spare = thread;
      }
    }
  }
}
