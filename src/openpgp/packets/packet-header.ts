import { Fault } from "../../core/index.js";

export type PacketFault = "not_openpgp" | "malformed_packet" | "unsupported" | "foreign_algorithm";

export class PacketError extends Fault<PacketFault> {}

/** A body length. `partial`: another length follows after that many bytes of body (RFC 9580 section 4.2.1.4). */
export interface BodyLength {
  readonly bytes: number;
  readonly partial: boolean;
}

export interface PacketHeader {
  readonly tag: number;
  readonly length: BodyLength;
}

/** RFC 9580 section 4.2.1.4. */
export const MIN_FIRST_PARTIAL_BYTES = 512;

/**
 * Reads a packet header at the start of `bytes`, in either format (RFC 9580 section 4.2).
 * @returns the header and its length in bytes, or null if more bytes are needed
 * @throws PacketError
 */
export function readPacketHeader(bytes: Uint8Array): { header: PacketHeader; taken: number } | null {
  const [first] = bytes;
  if (first === undefined) return null;
  if ((first & 0x80) === 0) throw new PacketError("not_openpgp", "this does not begin like an OpenPGP packet");
  if ((first & 0x40) !== 0) {
    const length = readBodyLength(bytes.subarray(1));
    return length && { header: { tag: first & 0x3f, length: length.length }, taken: 1 + length.taken };
  }
  // Legacy format (section 4.2.2): the two low bits select 1, 2 or 4 length bytes, or an indeterminate length.
  const width = [1, 2, 4][first & 0x03];
  if (width === undefined) throw new PacketError("unsupported", "a packet of indeterminate length is not accepted");
  if (bytes.length < 1 + width) return null;
  const length: BodyLength = { bytes: bigEndian(bytes.subarray(1, 1 + width)), partial: false };
  return { header: { tag: (first >> 2) & 0x0f, length }, taken: 1 + width };
}

/** The tag of a legacy header of indeterminate length, by its first byte; else null (RFC 9580 section 4.2.2). */
export function indeterminateTag(first: number): number | null {
  return (first & 0xc3) === 0x83 ? (first >> 2) & 0x0f : null;
}

/** Reads a length in the OpenPGP format (RFC 9580 section 4.2.1). @returns null if more bytes are needed */
export function readBodyLength(bytes: Uint8Array): { length: BodyLength; taken: number } | null {
  const [first, second] = bytes;
  if (first === undefined) return null;
  if (first < 192) return { length: { bytes: first, partial: false }, taken: 1 };
  if (first < 224) {
    if (second === undefined) return null;
    return { length: { bytes: ((first - 192) << 8) + second + 192, partial: false }, taken: 2 };
  }
  if (first < 255) return { length: { bytes: 2 ** (first & 0x1f), partial: true }, taken: 1 };
  if (bytes.length < 5) return null;
  return { length: { bytes: bigEndian(bytes.subarray(1, 5)), partial: false }, taken: 5 };
}

/** The number that `bytes` are, the most significant one first. */
export function bigEndian(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}
