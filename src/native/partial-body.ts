import { ByteQueue } from "../streams/index.js";

/** The first of several portions must have at least this many bytes (RFC 9580 section 4.2.1.4). */
const MIN_PORTION_BYTES = 512;

/**
 * A packet body of a size unknown at its start (RFC 9580 section 4.2.1.4). Its portions are those of openpgp.js: at
 * every write, the largest power of two that is queued. So no message reveals which of the two wrote it.
 */
export class PartialBody {
  readonly #queue = new ByteQueue();

  /**
   * Takes one write, and returns the portion that is ready with its length before it, or nothing. The rest is copied,
   * so that the caller may reuse its buffers.
   */
  push(chunks: readonly Uint8Array[]): Uint8Array[] {
    this.#queue.push(chunks);
    const power = 31 - Math.clz32(this.#queue.length);
    const ready = this.#queue.length < MIN_PORTION_BYTES ? [] : this.#queue.take(2 ** power);
    this.#queue.detach();
    return ready.length === 0 ? [] : [Uint8Array.of(0xe0 + power), ...ready];
  }

  /** The last portion, with a definite length. */
  finish(): Uint8Array[] {
    const { length } = this.#queue;
    return [definiteLength(length), ...this.#queue.take(length)];
  }
}

/** RFC 9580 sections 4.2.1.1 to 4.2.1.3. */
function definiteLength(length: number): Uint8Array {
  if (length < 192) return Uint8Array.of(length);
  if (length < 8384) return Uint8Array.of(((length - 192) >> 8) + 192, (length - 192) & 0xff);
  return Uint8Array.of(0xff, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}
