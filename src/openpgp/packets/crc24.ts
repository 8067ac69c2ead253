/** RFC 9580 section 6.1. */
export const CRC24_INITIAL = 0xb704ce;
const GENERATOR = 0x1864cfb;

/** The CRC-24 of each byte, from which that of any data follows (RFC 9580 section 6.1.1). */
const TABLE = Int32Array.from({ length: 256 }, (_none, byte) => {
  let checksum = byte << 16;
  for (let bit = 0; bit < 8; bit += 1) {
    checksum <<= 1;
    if ((checksum & 0x1000000) !== 0) checksum ^= GENERATOR;
  }
  return checksum & 0xffffff;
});

/** The CRC-24 of everything that led to `checksum`, and then `bytes`. */
export function crc24(checksum: number, bytes: Uint8Array): number {
  let updated = checksum;
  for (let at = 0; at < bytes.length; at += 1) {
    updated = ((updated << 8) ^ (TABLE[((updated >> 16) ^ (bytes[at] ?? 0)) & 0xff] ?? 0)) & 0xffffff;
  }
  return updated;
}
