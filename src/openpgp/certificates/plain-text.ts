/**
 * `bytes` as text, of which only the ASCII characters count: a byte order mark is dropped, and UTF-16 and UTF-32 of
 * either byte order read the same as UTF-8, since they are ASCII with zero bytes between.
 */
export function plainText(bytes: Uint8Array): string {
  return new TextDecoder("latin1")
    .decode(bytes)
    .replaceAll("\0", "")
    .replace(/^(?:ï»¿|ÿþ|þÿ)/, "");
}
