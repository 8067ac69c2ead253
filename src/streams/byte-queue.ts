/** A queue of bytes, kept in the chunks in which they arrived: nothing is copied until {@link detach}. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** How many of the first chunks are copies of our own. */
  #detached = 0;
  /** Bytes. */
  length = 0;

  /** The chunks must not change until they are taken or detached. */
  push(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.length += chunk.length;
    this.#chunks.push(...chunks);
  }

  /** Removes the first `count` bytes, or all if there are fewer. */
  take(count: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (let missing = Math.min(count, this.length); missing > 0; ) {
      const first = this.#chunks.shift() ?? new Uint8Array(0);
      if (first.length > missing) this.#chunks.unshift(first.subarray(missing));
      else this.#detached = Math.max(0, this.#detached - 1);
      taken.push(first.subarray(0, missing));
      missing -= Math.min(first.length, missing);
    }
    this.length = Math.max(0, this.length - count);
    return taken;
  }

  /** Copies the queued bytes, so that callers may reuse the buffers they pushed. */
  detach(): void {
    const attached = this.#chunks.splice(this.#detached);
    if (attached.some(({ length }) => length > 0)) this.#chunks.push(Buffer.concat(attached));
    this.#detached = this.#chunks.length;
  }
}
