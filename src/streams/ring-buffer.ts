import { copy } from "./copy.js";

/** Transforms the first `length` bytes of a block in place. Returns the length of the result. */
export type BlockTransform = (block: Uint8Array, length: number) => number;

/** The memory of a ring. Both threads hold it; it can be posted from one to the other. */
export interface RingBufferMemory {
  readonly control: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/** Indexes into `control`. */
const FILLED_BLOCKS = 0;
const DONE_BLOCKS = 1;
/** 1 while the worker sleeps. */
const WORKER_SLEEPS = 2;
/** The number of done blocks at which the producer wants a wake-up, or 0. */
const WAKE_AT = 3;
/** One more than the total number of blocks, or 0 while that is unknown. */
const END = 4;
/** From here on: the length of each slot's block. */
const LENGTHS = 5;
/** Blocks per wake-up. */
export const BATCH = 4;
export const SLOTS = 2 * BATCH;

/**
 * A ring of blocks in memory that two threads share: the producer fills them in order, the worker transforms each in
 * place. Two counters that only grow decide which thread owns a slot, so a slot always has exactly one owner.
 */
export class RingBuffer {
  readonly memory: RingBufferMemory;
  readonly #control: Int32Array;
  readonly #slotBytes: number;

  /** @param slotBytes the largest size of a block, before or after the transform */
  static create(slotBytes: number): RingBuffer {
    const control = new SharedArrayBuffer((LENGTHS + SLOTS) * Int32Array.BYTES_PER_ELEMENT);
    return new RingBuffer({ control, bytes: new SharedArrayBuffer(SLOTS * slotBytes) });
  }

  constructor(memory: RingBufferMemory) {
    this.memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#slotBytes = memory.bytes.byteLength / SLOTS;
  }

  /** How many blocks are done. */
  get done(): number {
    return Atomics.load(this.#control, DONE_BLOCKS);
  }

  /** Producer: joins `chunks` into block `number`. The slot's previous block must have been taken. */
  fill(number: number, chunks: readonly Uint8Array[]): void {
    const slot = this.#slot(number);
    let length = 0;
    for (const chunk of chunks) {
      copy(chunk, slot, length);
      length += chunk.length;
    }
    this.#control[this.#lengthIndex(number)] = length;
    this.#publish(number, false);
  }

  /** Producer: there are `count` blocks in all. */
  end(count: number): void {
    Atomics.store(this.#control, END, count + 1);
    this.#publish(count, true);
  }

  /** Producer: the result of block `number`, which must be done. Valid until its slot is filled again. */
  take(number: number): Uint8Array {
    return this.#slot(number).subarray(0, this.#control[this.#lengthIndex(number)]);
  }

  /** Producer: whether fewer than `count` blocks are done. If so, the worker calls `wake` once they are. */
  requestWake(count: number): boolean {
    // In this order: a block that is done between the two lines is either counted here or causes a wake-up.
    Atomics.store(this.#control, WAKE_AT, count);
    return this.done < count;
  }

  /**
   * Worker: transforms one block after the other until the end. Blocks its thread.
   * @param wake called once the number of blocks that {@link requestWake} named is done
   */
  serve(transform: BlockTransform, wake: () => void): void {
    for (let number = 0; ; number += 1) {
      this.#waitFor(number);
      if (Atomics.load(this.#control, END) === number + 1) return;
      const index = this.#lengthIndex(number);
      this.#control[index] = transform(this.#slot(number), this.#control[index] ?? 0);
      Atomics.store(this.#control, DONE_BLOCKS, number + 1);
      if (Atomics.compareExchange(this.#control, WAKE_AT, number + 1, 0) === number + 1) wake();
    }
  }

  /** A method, so that a profile tells waiting from working. */
  #waitFor(number: number): void {
    while (Atomics.load(this.#control, FILLED_BLOCKS) === number) {
      Atomics.store(this.#control, WORKER_SLEEPS, 1);
      Atomics.wait(this.#control, FILLED_BLOCKS, number);
    }
  }

  /** Waking a thread costs as much as a block of work, so a sleeping worker is woken once per batch. */
  #publish(number: number, last: boolean): void {
    Atomics.store(this.#control, FILLED_BLOCKS, number + 1);
    if (!last && (number + 1) % BATCH > 0) return;
    if (Atomics.exchange(this.#control, WORKER_SLEEPS, 0) === 1) Atomics.notify(this.#control, FILLED_BLOCKS);
  }

  #slot(number: number): Uint8Array {
    return new Uint8Array(this.memory.bytes, (number % SLOTS) * this.#slotBytes, this.#slotBytes);
  }

  #lengthIndex(number: number): number {
    return LENGTHS + (number % SLOTS);
  }
}
