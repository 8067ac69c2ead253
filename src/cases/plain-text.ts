/** Control characters that no text has, except tab, line feed, form feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
/** The letters and quotation marks of Russian and Ukrainian in Windows-1251, and its dashes and number sign. */
const CYRILLIC = new Set(
  [...Array(64).keys()].map((at) => 0xc0 + at).concat(0xa5, 0xa8, 0xaa, 0xaf, 0xb2, 0xb3, 0xb4, 0xb8, 0xb9, 0xba, 0xbf),
);
const PUNCTUATION = new Set([0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xa0, 0xab, 0xbb]);

/**
 * The text of a document in UTF-8, UTF-16 with a byte order mark, or Windows-1251 with mostly Cyrillic letters beyond
 * ASCII. Null if it is none of these.
 */
export function plainText(bytes: Uint8Array): string | null {
  const text = decode(bytes);
  return text === null || CONTROLS.test(text) ? null : text.replaceAll("\r\n", "\n");
}

function decode(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const beyond = bytes.filter((byte) => byte >= 0x80 && !PUNCTUATION.has(byte));
    const letters = beyond.filter((byte) => CYRILLIC.has(byte)).length;
    return letters >= 0.9 * beyond.length ? new TextDecoder("windows-1251").decode(bytes) : null;
  }
}
