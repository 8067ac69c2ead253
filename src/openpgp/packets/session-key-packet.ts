import { toHex } from "../../core/index.js";
import { PacketError } from "./packet-header.js";

/** What a public-key encrypted session key packet (PKESK) says about its recipient. */
export interface RecipientHint {
  readonly version: 3 | 6;
  /** Key ID of 16 hex digits (version 3) or fingerprint of 40 or 64 (version 6); null for a hidden recipient. */
  readonly key: string | null;
  /** OpenPGP public-key algorithm number (RFC 9580 section 9.1). */
  readonly algorithm: number;
}

/** Where the packet ends before its algorithm. */
const NONE = -1;
const RSA = 1;
const ECDH = 18;
const X25519 = 25;
const X448 = 26;

/**
 * Reads the body of a PKESK packet (RFC 9580 section 5.1). Checks the shape of its algorithm-specific fields, so that
 * only an encrypted session key fits inside.
 * @throws PacketError
 */
export function readSessionKeyPacket(body: Uint8Array): RecipientHint {
  const [version, length = 0] = body;
  if (version === 3) {
    const key = toHex(body.subarray(1, 9));
    return check({ version, key: /^0+$/.test(key) ? null : key, algorithm: body[9] ?? NONE }, body.subarray(10));
  }
  if (version === 6) {
    // Fingerprints have 20 bytes for key version 4 and 32 for 6. The length includes the version byte.
    const expected = length === 0 ? 0 : ({ 4: 21, 6: 33 }[body[2] ?? 0] ?? -1);
    if (length !== expected) throw new PacketError("malformed_packet", "a recipient's fingerprint is malformed");
    const key = length === 0 ? null : toHex(body.subarray(3, 2 + length));
    return check({ version, key, algorithm: body[2 + length] ?? NONE }, body.subarray(3 + length));
  }
  throw new PacketError("unsupported", "a session key packet has an unknown version");
}

function check(hint: RecipientHint, fields: Uint8Array): RecipientHint {
  const rest = fieldsAfterKey(hint, fields);
  if (rest !== fields.length) throw new PacketError("malformed_packet", "a session key packet does not add up");
  return hint;
}

/** Bytes that the algorithm-specific fields take, by the lengths in them. */
function fieldsAfterKey({ version, algorithm }: RecipientHint, fields: Uint8Array): number {
  switch (algorithm) {
    case RSA:
      return integerLength(fields);
    case ECDH: {
      const point = integerLength(fields);
      return point + 1 + (fields[point] ?? 0);
    }
    case X25519:
    case X448: {
      const share = algorithm === X25519 ? 32 : 56;
      const wrapped = fields[share] ?? 0;
      // AES key wrap gives at least 24 bytes. Version 3 puts one algorithm byte in the clear before them.
      if (wrapped < (version === 3 ? 25 : 24)) break;
      return share + 1 + wrapped;
    }
    case NONE:
      throw new PacketError("malformed_packet", "a session key packet ends before its algorithm");
    default:
      throw new PacketError("foreign_algorithm", "a session key is encrypted for a kind of key that no recipient has");
  }
  throw new PacketError("malformed_packet", "a session key packet is too short");
}

/** Bytes of a multiprecision integer, its two bytes of bit length included (RFC 9580 section 3.2). */
function integerLength(fields: Uint8Array): number {
  const [high = 0, low = 0, lead = 0] = fields;
  const bits = high * 256 + low;
  // A leading byte that disagrees with the bit count means that this is no integer.
  if (bits < 256 || 32 - Math.clz32(lead) !== ((bits - 1) % 8) + 1) {
    throw new PacketError("malformed_packet", "a number in a session key packet is malformed");
  }
  return 2 + Math.ceil(bits / 8);
}
