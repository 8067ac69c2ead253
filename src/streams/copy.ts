/**
 * Copies `from` into `to`, starting at byte `at`. Between shared and ordinary memory `set` copies word by word, while
 * `fill` with a source as long as its target is one memcpy.
 * @throws RangeError if `to` is too short
 */
export function copy(from: Uint8Array, to: Uint8Array, at: number): void {
  if (from.length === 0) return;
  Buffer.from(to.buffer, to.byteOffset + at, from.length).fill(from);
}
