import { HYPHEN } from "./armor-reader.js";
import { readPacketHeader } from "./packet-header.js";

/** How much text may come before the armor: a letter, but not a book. */
const MAX_TEXT_BYTES = 16 * 1024;

const LINE_FEED = 0x0a;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0d, LINE_FEED]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const BEGIN = new TextEncoder().encode("-----BEGIN PGP ");
/** Tags of session key packets, which a message begins with, and their versions (RFC 9580 sections 5.1, 5.3). */
const MESSAGE_STARTS: Readonly<Record<number, readonly number[]>> = { 1: [3, 6], 3: [4, 5, 6] };

/** Where a message begins. `text`: whether anything but white space comes before it. */
export type ArmorStart =
  | { readonly kind: "binary" }
  | { readonly kind: "armored"; readonly at: number; readonly text: boolean }
  | { readonly kind: "undecided" };

/**
 * Judges the first bytes of a file.
 * @param complete whether no more follow
 */
export function findStart(bytes: Uint8Array, complete: boolean): ArmorStart {
  const first = afterBlank(bytes);
  if (isBeginLine(bytes, first)) return { kind: "armored", at: first, text: false };
  if (first === 0 && beginsMessage(bytes)) return { kind: "binary" };
  const line = laterBeginLine(bytes, first);
  if (line !== null) return { kind: "armored", at: line, text: true };
  if (!complete && bytes.length < MAX_TEXT_BYTES) return { kind: "undecided" };
  // What begins like armor is told what is wrong with it.
  return bytes[first] === HYPHEN ? { kind: "armored", at: first, text: false } : { kind: "binary" };
}

/** UTF-16, as PowerShell writes it, by its mark or by the zero byte of its first ASCII character. */
export function isWide([first = 0xff, second = 0xff]: Uint8Array): boolean {
  const marked = first === 0xff ? second === 0xfe : first === 0xfe && second === 0xff;
  return marked || (first === 0 && isAscii(second)) || (second === 0 && isAscii(first));
}

function isAscii(byte: number): boolean {
  return byte > 0 && byte < 0x80;
}

/** The ASCII characters of UTF-16 are those of ASCII with zero bytes between. */
export function narrowed(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== 0 && byte < 0xfe);
}

/** Bytes of a byte order mark and white space at the beginning. */
function afterBlank(bytes: Uint8Array): number {
  let at = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0;
  while (WHITE_SPACE.has(bytes[at] ?? -1)) at += 1;
  return at;
}

function beginsMessage(bytes: Uint8Array): boolean {
  try {
    const read = readPacketHeader(bytes);
    const version = read === null ? undefined : bytes[read.taken];
    return version !== undefined && (MESSAGE_STARTS[read?.header.tag ?? 0]?.includes(version) ?? false);
  } catch {
    return false;
  }
}

function isBeginLine(bytes: Uint8Array, at: number): boolean {
  return BEGIN.every((byte, index) => bytes[at + index] === byte);
}

/** The first line after the one at `from` that begins armor of any kind. */
function laterBeginLine(bytes: Uint8Array, from: number): number | null {
  for (let at = bytes.indexOf(LINE_FEED, from); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
    let start = at + 1;
    while (bytes[start] === 0x20 || bytes[start] === 0x09) start += 1;
    if (isBeginLine(bytes, start)) return start;
  }
  return null;
}
