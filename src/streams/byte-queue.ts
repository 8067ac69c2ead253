/** Bytes that wait in the pieces in which they came: nothing is copied until somebody puts them together. */
export class Pieces {
  #held: Uint8Array[] = [];
  length = 0;

  add(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.length += piece.length;
    this.#held.push(...pieces);
  }

  /** The first `count` bytes, or all if there are fewer. */
  take(count: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (let missing = Math.min(count, this.length); missing > 0; ) {
      const first = this.#held.shift() ?? new Uint8Array(0);
      if (first.length > missing) this.#held.unshift(first.subarray(missing));
      taken.push(first.subarray(0, missing));
      missing -= Math.min(first.length, missing);
    }
    this.length = Math.max(0, this.length - count);
    return taken;
  }

  /** Copies what waits: whoever gave it may use its memory again. */
  keep(): void {
    this.#held = this.length === 0 ? [] : [Buffer.concat(this.#held)];
  }
}
