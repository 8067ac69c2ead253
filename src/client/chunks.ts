/** Reads a stream in chunks of a size that the caller picks each time. */
export class Chunks {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #buffer = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /**
   * The next `size` bytes, or fewer at the end of the stream; `last` once that is known.
   * Valid until the next call, which reuses the buffer.
   */
  async next(size: number): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }> {
    if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
    const chunk = this.#buffer.subarray(0, size);
    let filled = 0;
    while (filled < size) {
      if (this.#held.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) return { bytes: chunk.subarray(0, filled), last: true };
        this.#held = value;
      }
      const portion = this.#held.subarray(0, size - filled);
      chunk.set(portion, filled);
      filled += portion.length;
      this.#held = this.#held.subarray(portion.length);
    }
    return { bytes: chunk, last: false };
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}
