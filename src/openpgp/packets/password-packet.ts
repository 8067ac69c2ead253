import { AES } from "./algorithms.js";
import { PacketError } from "./packet-header.js";

const VERSION = 4;
/** SHA-1, SHA-256, SHA-384, SHA-512, SHA-224 (RFC 9580 section 9.5). SHA-1 is GnuPG's own choice, and does no harm here. */
const HASHES = new Set([2, 8, 9, 10, 11]);
const ITERATED_AND_SALTED = 3;
/** Version, cipher, kind of S2K, hash, salt, count. */
const LENGTH = 1 + 1 + 1 + 1 + 8 + 1;
/** An encrypted session key may follow: one byte for its cipher, then 16, 24 or 32. Without, the password makes the key. */
const SESSION_KEYS = new Set([0, 17, 25, 33]);

/**
 * Checks the body of a symmetric-key encrypted session key packet (SKESK, RFC 9580 section 5.3.1): version 4, AES, an
 * iterated and salted S2K, and nothing that is not an encrypted session key after it.
 *
 * @throws PacketError
 */
export function checkPasswordPacket(body: Uint8Array): void {
  const [version, cipher = 0, kind, hash = 0] = body;
  if (version !== VERSION) throw new PacketError("unsupported", "a password packet has an unknown version");
  if (!AES.has(cipher)) throw new PacketError("unsupported", "a password packet uses a cipher that is not accepted");
  if (kind !== ITERATED_AND_SALTED || !HASHES.has(hash)) {
    throw new PacketError("unsupported", "a key is made from a password in a way that is not accepted");
  }
  if (!SESSION_KEYS.has(body.length - LENGTH)) {
    throw new PacketError("malformed_packet", "a password packet does not add up");
  }
}
