/** What has been read of a stream and the server has not acknowledged yet: it can be sent again, in any size. */
export class SendBuffer {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #onRead: (bytes: Uint8Array) => Promise<void>;
  #buffer = new Uint8Array(0);
  /** Where the bytes that are not acknowledged begin and end. */
  #begin = 0;
  #end = 0;
  /** Read from the stream, and not in the buffer yet. */
  #held: Uint8Array = new Uint8Array(0);
  #ended = false;

  /** @param onRead called with each byte of the stream once, in order; what it gets is valid until it resolves */
  constructor(stream: ReadableStream<Uint8Array>, onRead: (bytes: Uint8Array) => Promise<void>) {
    this.#reader = stream.getReader();
    this.#onRead = onRead;
  }

  /**
   * The next `size` bytes, or fewer at the end of the stream; `last` once that is known. Nothing is taken away. Valid
   * until the next call of any method.
   */
  async peek(size: number): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }> {
    if (this.#end - this.#begin < size && !this.#ended) {
      this.#makeRoom(size);
      const before = this.#end;
      await this.#fill(this.#begin + size);
      await this.#onRead(this.#buffer.subarray(before, this.#end));
    }
    const bytes = this.#buffer.subarray(this.#begin, Math.min(this.#begin + size, this.#end));
    return { bytes, last: this.#ended && this.#begin + bytes.length === this.#end };
  }

  /** Forgets the first `bytes` bytes. */
  acknowledge(bytes: number): void {
    this.#begin += bytes;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #fill(end: number): Promise<void> {
    while (this.#end < end) {
      if (this.#held.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) {
          this.#ended = true;
          return;
        }
        this.#held = value;
      }
      const portion = this.#held.subarray(0, end - this.#end);
      this.#buffer.set(portion, this.#end);
      this.#end += portion.length;
      this.#held = this.#held.subarray(portion.length);
    }
  }

  /** For `size` bytes in all, those that are not acknowledged among them. */
  #makeRoom(size: number): void {
    if (this.#buffer.length - this.#begin >= size) return;
    const kept = this.#buffer.subarray(this.#begin, this.#end);
    const buffer = this.#buffer.length < size ? new Uint8Array(size) : this.#buffer;
    buffer.set(kept);
    this.#buffer = buffer;
    this.#end = kept.length;
    this.#begin = 0;
  }
}
