const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const EQUALS = 0x3d;
/** In the table: not a base64 character. */
const NONE = 64;
const VALUES = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const value = ALPHABET.indexOf(String.fromCharCode(byte));
  return value === -1 ? NONE : value;
});

/** Whether all of `characters` may stand in base64. */
export function isBase64(characters: Uint8Array): boolean {
  return characters.every((byte) => byte === EQUALS || VALUES[byte] !== NONE);
}

/** Padding characters at the end of a line: 0, 1 or 2. */
export function paddingOf(line: Uint8Array): number {
  return line.at(-1) !== EQUALS ? 0 : line.at(-2) !== EQUALS ? 1 : 2;
}

/**
 * Decodes a line of base64 of whole groups of four (RFC 4648 section 4) into `out` from `at` on.
 * @returns how many bytes it wrote, or null if the line is not base64
 */
export function decodeLine(line: Uint8Array, out: Uint8Array, at: number): number | null {
  if (line.length % 4 !== 0) return null;
  const padding = paddingOf(line);
  const digits = line.length - padding;
  let filled = at;
  for (let start = 0; start < line.length; start += 4) {
    let bits = 0;
    for (let index = start; index < start + 4; index += 1) {
      const value = index >= digits ? 0 : (VALUES[line[index] ?? 0] ?? NONE);
      if (value === NONE) return null;
      bits = (bits << 6) | value;
    }
    out[filled++] = bits >> 16;
    out[filled++] = bits >> 8;
    out[filled++] = bits;
  }
  return filled - padding - at;
}
