/**
 * Copies `from` into `to`, beginning at the byte `at`. Between shared memory and other, `set` goes word by word; `fill`, with as many
 * bytes as there is room for, is the system's memcpy.
 */
export function copy(from: Uint8Array, to: Uint8Array, at: number): void {
  if (from.length === 0) return;
  Buffer.from(to.buffer, to.byteOffset + at, from.length).fill(from);
}
