import { AES } from "./algorithms.js";
import { PacketError } from "./packet-header.js";

const VERSION = 4;
/** SHA-1, SHA-256, SHA-384, SHA-512, SHA-224 (RFC 9580 section 9.5). GnuPG uses SHA-1, which is safe in an S2K. */
const HASHES = new Set([2, 8, 9, 10, 11]);
const ITERATED_AND_SALTED = 3;
/** Version, cipher, kind of S2K, hash, salt, count. */
const FIXED_BYTES = 1 + 1 + 1 + 1 + 8 + 1;
/** An optional encrypted session key: one byte for its cipher, then 16, 24 or 32. Without it the S2K makes the key. */
const SESSION_KEY_BYTES = new Set([0, 17, 25, 33]);

/**
 * Checks the body of a symmetric-key encrypted session key packet (SKESK, RFC 9580 section 5.3.1): version 4, AES, an
 * iterated and salted S2K, and at most an encrypted session key after them.
 * @throws PacketError
 */
export function checkPasswordPacket(body: Uint8Array): void {
  const [version, cipher = 0, kind, hash = 0] = body;
  if (version !== VERSION) throw new PacketError("unsupported", "a password packet has an unknown version");
  if (!AES.has(cipher)) throw new PacketError("unsupported", "a password packet uses a cipher that is not accepted");
  if (kind !== ITERATED_AND_SALTED || !HASHES.has(hash)) {
    throw new PacketError("unsupported", "a key is made from a password in a way that is not accepted");
  }
  if (!SESSION_KEY_BYTES.has(body.length - FIXED_BYTES)) {
    throw new PacketError("malformed_packet", "a password packet does not add up");
  }
}
