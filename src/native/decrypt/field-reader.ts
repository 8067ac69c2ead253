/** Reads the fields of a packet one after the other. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws RangeError if fewer than `count` bytes are left; so do the other methods */
  take(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError("a packet is too short");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** The bytes of a multiprecision integer (RFC 9580 section 3.2). */
  integer(): Uint8Array {
    const [high = 0, low = 0] = this.take(2);
    return this.take(Math.ceil((high * 256 + low) / 8));
  }
}
