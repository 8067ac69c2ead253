import { Fault } from "./fault.js";

export type HeaderFault = "not_an_archive" | "malformed" | "forbidden_type";

export class HeaderError extends Fault<HeaderFault> {}

export interface UstarHeader {
  readonly kind: "folder" | "file";
  /** `/`-separated, as stored, not validated. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a 512-byte header block of a plain ustar archive (POSIX.1-1988). Refuses everything but regular files and
 * folders: links, devices, and the pax and GNU extensions, which could change an entry's name or size.
 *
 * @throws HeaderError
 */
export function readUstarHeader(block: Uint8Array): UstarHeader {
  if (text(block, 257, 8) !== "ustar\u000000") throw new HeaderError("not_an_archive", "this is not a ustar archive");
  if (octal(block, 148, 8) !== checksum(block)) throw new HeaderError("malformed", "a header's checksum is wrong");
  const flag = String.fromCharCode(block[156] ?? 0);
  if (flag !== "0" && flag !== "5") {
    throw new HeaderError("forbidden_type", `the archive holds an entry that is neither file nor folder`);
  }
  const size = octal(block, 124, 12);
  const kind = flag === "5" ? "folder" : "file";
  if (kind === "folder" && size !== 0) throw new HeaderError("malformed", "a folder claims to have contents");
  if (string(block, 157, 100) !== "") throw new HeaderError("forbidden_type", "an entry has a link target");
  const prefix = string(block, 345, 155);
  const name = string(block, 0, 100);
  return { kind, path: prefix === "" ? name : `${prefix}/${name}`, size };
}

/** The sum of the header's bytes, with the checksum field counted as spaces (POSIX.1-1988). */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < block.length; index += 1) {
    sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  }
  return sum;
}

/** Octal digits, then spaces or NULs to the end of the field. Refuses base-256 numbers, a GNU extension. */
function octal(block: Uint8Array, start: number, length: number): number {
  const match = /^ *([0-7]+)[ \0]*$/.exec(latin1(block, start, length));
  if (match?.[1] === undefined) throw new HeaderError("malformed", "a header holds something that is not a number");
  return Number.parseInt(match[1], 8);
}

function string(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  if (end !== -1 && field.subarray(end).some((byte) => byte !== 0)) {
    throw new HeaderError("malformed", "a header field goes on after its end");
  }
  return text(field, 0, end === -1 ? length : end);
}

function text(block: Uint8Array, start: number, length: number): string {
  try {
    return decoder.decode(block.subarray(start, start + length));
  } catch (cause) {
    throw new HeaderError("malformed", "a header field is not UTF-8", { cause });
  }
}

function latin1(block: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...block.subarray(start, start + length));
}
