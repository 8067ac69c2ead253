import { copy } from "./copy.js";

/** Work on the first `length` bytes of a block, which leaves its result in their place. Returns how many bytes that has. */
export type InPlace = (block: Uint8Array, length: number) => number;

/** What both threads hold of a ring; it can be sent from one to the other. */
export interface SharedRingMemory {
  readonly control: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/**
 * Where `control` says how many blocks have been filled, how many are done, whether the working side waits, how many the filling
 * side waits for, and one more than how many there are in all, once that is known; after that the length of each slot's block.
 */
const FILLED = 0;
const DONE = 1;
const WAITS = 2;
const AWAITED = 3;
const LAST = 4;
const LENGTHS = 5;
/** Blocks that one side is woken for at once, and half of the slots. */
export const TOGETHER = 4;
/** Blocks that may be under way. */
export const SLOTS = 2 * TOGETHER;

/**
 * Blocks in memory that two threads share: one fills them, in turn, and the other works on each in its place. Nothing is sent
 * from one to the other but two numbers that only grow, so a slot belongs to one thread alone at any time.
 */
export class SharedRing {
  readonly memory: SharedRingMemory;
  readonly #control: Int32Array;
  readonly #capacity: number;

  /** @param capacity bytes of a slot: the most that a block may have before or after the work */
  static create(capacity: number): SharedRing {
    const control = new SharedArrayBuffer((LENGTHS + SLOTS) * Int32Array.BYTES_PER_ELEMENT);
    return new SharedRing({ control, bytes: new SharedArrayBuffer(SLOTS * capacity) });
  }

  constructor(memory: SharedRingMemory) {
    this.memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#capacity = memory.bytes.byteLength / SLOTS;
  }

  /** How many blocks are done. */
  get done(): number {
    return Atomics.load(this.#control, DONE);
  }

  /** Puts `pieces` together as the block of this number. Its slot's last block must have been taken out. */
  fill(number: number, pieces: readonly Uint8Array[]): void {
    const slot = this.#slot(number);
    let length = 0;
    for (const piece of pieces) {
      copy(piece, slot, length);
      length += piece.length;
    }
    this.#control[this.#length(number)] = length;
    this.#hand(number, false);
  }

  /** Says that there are no more than `count` blocks. */
  end(count: number): void {
    Atomics.store(this.#control, LAST, count + 1);
    this.#hand(count, true);
  }

  /** What the block of this number, which must be done, has become; until its slot is filled again. */
  take(number: number): Uint8Array {
    return this.#slot(number).subarray(0, this.#control[this.#length(number)]);
  }

  /** Whether fewer than `count` blocks are done. Then the other side calls its `wake` once they are. */
  mustWait(count: number): boolean {
    // In this order: what is done between the two is seen, or woken for.
    Atomics.store(this.#control, AWAITED, count);
    return this.done < count;
  }

  /**
   * The other thread's part: works on one block after the other until there are no more. Blocks its thread.
   * @param wake called when the filling side waits for what has just been done
   */
  serve(work: InPlace, wake: () => void): void {
    for (let number = 0; ; number += 1) {
      this.#waitFor(number);
      if (Atomics.load(this.#control, LAST) === number + 1) return;
      this.#control[this.#length(number)] = work(this.#slot(number), this.#control[this.#length(number)] ?? 0);
      Atomics.store(this.#control, DONE, number + 1);
      if (Atomics.compareExchange(this.#control, AWAITED, number + 1, 0) === number + 1) wake();
    }
  }

  /** By itself, so that a profile can tell waiting from working. */
  #waitFor(number: number): void {
    while (Atomics.load(this.#control, FILLED) === number) {
      Atomics.store(this.#control, WAITS, 1);
      Atomics.wait(this.#control, FILLED, number);
    }
  }

  /** To wake a thread takes as long as the work on a block: who sleeps is woken for several, or for the last. */
  #hand(number: number, last: boolean): void {
    Atomics.store(this.#control, FILLED, number + 1);
    if (!last && (number + 1) % TOGETHER > 0) return;
    if (Atomics.exchange(this.#control, WAITS, 0) === 1) Atomics.notify(this.#control, FILLED);
  }

  #slot(number: number): Uint8Array {
    return new Uint8Array(this.memory.bytes, (number % SLOTS) * this.#capacity, this.#capacity);
  }

  #length(number: number): number {
    return LENGTHS + (number % SLOTS);
  }
}
