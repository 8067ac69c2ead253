/** The name field of a ustar header holds this many bytes; one is left for the terminating zero. */
const LONGEST_NAME = 99;
/** An extension longer than this many bytes is not worth keeping when a name is cut. */
const LONGEST_EXTENSION = 16;

const encoder = new TextEncoder();

// C0 and C1 controls, line and paragraph separators, bidi marks, embeddings, overrides and isolates, the byte order mark.
const INVISIBLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
// Characters that Windows refuses in a file name; the two path separators are dealt with before.
const RESERVED = /[<>:"/\\|?*]/g;

/**
 * The entry name of the `position`-th document (counted from 1): `NN-` and the base name of `given`, made safe for
 * every system that staff use. The number makes names unique and keeps `CON.txt`, `-rf` and `.profile` harmless.
 * At most 99 bytes of UTF-8, cut on a code-point boundary with the extension kept.
 */
export function entryName(position: number, given: string): string {
  const prefix = `${String(position).padStart(2, "0")}-`;
  return prefix + shorten(safeBaseName(given), LONGEST_NAME - prefix.length);
}

/** Whether `name` is one that {@link entryName} could have made. */
export function isEntryName(name: string): boolean {
  const match = /^(\d{2,4})-/.exec(name);
  return match?.[1] !== undefined && entryName(Number(match[1]), name.slice(match[0].length)) === name;
}

function safeBaseName(given: string): string {
  // Encoding and decoding turns lone surrogates, which UTF-8 cannot carry, into U+FFFD.
  const wellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoder.encode(given));
  const base = wellFormed.split(/[/\\]/).at(-1) ?? "";
  const visible = base.replace(INVISIBLE, "_").replace(RESERVED, "_");
  // Windows drops trailing dots and spaces, which would make two names one.
  const trimmed = visible.replace(/[. ]+$/u, (tail) => "_".repeat(tail.length));
  return trimmed === "" ? "unnamed" : trimmed;
}

function shorten(name: string, limit: number): string {
  if (encoder.encode(name).length <= limit) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  const kept = encoder.encode(extension).length <= LONGEST_EXTENSION ? extension : "";
  return (
    cut(name.slice(0, name.length - kept.length), limit - encoder.encode(kept).length).replace(/[. ]+$/u, "_") + kept
  );
}

function cut(text: string, limit: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}
