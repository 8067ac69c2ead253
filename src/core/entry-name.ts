/** The name field of a ustar header holds 100 bytes, the terminating zero included. */
const MAX_NAME_BYTES = 99;
/** A longer extension is not kept when a name is cut. */
const MAX_EXTENSION_BYTES = 16;

const encoder = new TextEncoder();

// C0 and C1 controls, line and paragraph separators, bidi controls, the byte order mark.
const INVISIBLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
// Windows refuses these in a file name. Only the last path segment gets here, so the separators are for safety.
const RESERVED = /[<>:"/\\|?*]/g;

/**
 * The entry name of document `position`, from 1: `NN-` and the base name of `given`, made safe for every system that
 * staff use. The number makes names unique, and `CON.txt`, `-rf` and `.profile` harmless. At most 99 bytes of UTF-8,
 * cut between code points with the extension kept.
 */
export function entryName(position: number, given: string): string {
  const prefix = `${String(position).padStart(2, "0")}-`;
  return prefix + shorten(safeBaseName(given), MAX_NAME_BYTES - prefix.length);
}

/** Whether {@link entryName} could have made `name`. */
export function isEntryName(name: string): boolean {
  const match = /^(\d{2,4})-/.exec(name);
  return match?.[1] !== undefined && entryName(Number(match[1]), name.slice(match[0].length)) === name;
}

function safeBaseName(given: string): string {
  // The round trip through UTF-8 turns lone surrogates into U+FFFD.
  const wellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoder.encode(given));
  const base = wellFormed.split(/[/\\]/).at(-1) ?? "";
  const visible = base.replace(INVISIBLE, "_").replace(RESERVED, "_");
  // Windows drops trailing dots and spaces: two names could become one.
  const trimmed = visible.replace(/[. ]+$/u, (tail) => "_".repeat(tail.length));
  return trimmed === "" ? "unnamed" : trimmed;
}

function shorten(name: string, maxBytes: number): string {
  if (encoder.encode(name).length <= maxBytes) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  const kept = encoder.encode(extension).length <= MAX_EXTENSION_BYTES ? extension : "";
  return (
    cut(name.slice(0, name.length - kept.length), maxBytes - encoder.encode(kept).length).replace(/[. ]+$/u, "_") + kept
  );
}

function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
