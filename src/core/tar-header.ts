/** A header of any kind of tar. */
export interface TarHeader {
  /** Type flag. */
  readonly type: string;
  /** As stored; it may be any text. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970, UTC; 0 where it is malformed. */
  readonly mtimeSeconds: number;
}

/**
 * Reads a header block as other programs write it: the tar of Unix V7, ustar, GNU tar and pax (POSIX.1-2001), with
 * sizes in octal or base 256 and names in UTF-8 or Windows-1251.
 * @returns null if the block is no header
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  const size = number(block.subarray(124, 136));
  const path = text(block.subarray(0, 100));
  if (block.length < 512 || size === null || path === "" || !isChecksum(block)) return null;
  // GNU tar keeps times where ustar has a prefix, and ends its magic number in a space.
  const prefix = text(block.subarray(257, 263)) === "ustar" ? text(block.subarray(345, 500)) : "";
  return {
    type: String.fromCharCode(block[156] ?? 0),
    path: prefix === "" ? path : `${prefix}/${path}`,
    size,
    mtimeSeconds: number(block.subarray(136, 148)) ?? 0,
  };
}

/** Old programs took the sum of signed bytes. */
function isChecksum(block: Uint8Array): boolean {
  const stored = number(block.subarray(148, 156));
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (const [index, byte] of block.subarray(0, 512).entries()) {
    if (index >= 148 && index < 156) continue;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return stored === unsigned || stored === signed;
}

/** Octal digits among spaces and NULs, or GNU's base 256. Null for anything else, and for a size beyond 2^53. */
function number(field: Uint8Array): number | null {
  if (field[0] === 0x80) {
    const value = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(String.fromCharCode(...field))?.[1];
  return digits === undefined ? null : Number.parseInt(digits || "0", 8);
}

/** Up to the first NUL. */
export function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  const bytes = end === -1 ? field : field.subarray(0, end);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}
