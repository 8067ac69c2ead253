/** Reads a stream of bytes in portions of the size asked for. Buffers at most one chunk. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** Between 1 and `maxBytes` bytes, or null at the end of the stream. */
  async some(maxBytes: number): Promise<Uint8Array | null> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#held = value;
    }
    const portion = this.#held.subarray(0, maxBytes);
    this.#held = this.#held.subarray(portion.length);
    return portion;
  }

  /** `count` bytes, or fewer at the end of the stream. */
  async upTo(count: number): Promise<Uint8Array> {
    const first = await this.some(count);
    if (first === null || first.length === count) return first ?? new Uint8Array(0);
    const whole = new Uint8Array(count);
    whole.set(first);
    let length = first.length;
    while (length < count) {
      const portion = await this.some(count - length);
      if (portion === null) break;
      whole.set(portion, length);
      length += portion.length;
    }
    return whole.subarray(0, length);
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason);
  }
}
