import { Pieces } from "../streams/index.js";

/** No portion but the last may be shorter, if it is the first (RFC 9580 section 4.2.1.4). */
const SHORTEST_PORTION = 512;

/**
 * The body of a packet whose size is not known when it begins (RFC 9580 section 4.2.1.4), in the same portions as openpgp.js
 * writes: whenever something comes, the largest power of two that is there. So nothing in a message tells who has written it.
 */
export class PartialBody {
  readonly #waiting = new Pieces();

  /**
   * Takes what belongs together, and gives the portion that is ready, with its length before it, or nothing. What is left is
   * copied: whoever gave it may use its memory again.
   */
  push(pieces: readonly Uint8Array[]): Uint8Array[] {
    this.#waiting.add(pieces);
    const power = 31 - Math.clz32(this.#waiting.length);
    const ready = this.#waiting.length < SHORTEST_PORTION ? [] : this.#waiting.take(2 ** power);
    this.#waiting.keep();
    return ready.length === 0 ? [] : [Uint8Array.of(0xe0 + power), ...ready];
  }

  /** The last portion, with a definite length. */
  finish(): Uint8Array[] {
    const { length } = this.#waiting;
    return [definiteLength(length), ...this.#waiting.take(length)];
  }
}

/** RFC 9580 sections 4.2.1.1 to 4.2.1.3. */
function definiteLength(length: number): Uint8Array {
  if (length < 192) return Uint8Array.of(length);
  if (length < 8384) return Uint8Array.of(((length - 192) >> 8) + 192, (length - 192) & 0xff);
  return Uint8Array.of(0xff, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}
