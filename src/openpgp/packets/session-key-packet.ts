import { toHex } from "../../core/index.js";
import { PacketError } from "./packet-header.js";

/** Whom a public-key encrypted session key packet (PKESK) is for, as far as it says. */
export interface RecipientHint {
  readonly version: 3 | 6;
  /** 16 hex digits of a key ID (version 3), 40 or 64 of a fingerprint (version 6), or null for a hidden recipient. */
  readonly key: string | null;
  /** OpenPGP public-key algorithm number (RFC 9580 section 9.1). */
  readonly algorithm: number;
}

const RSA = 1;
const ECDH = 18;
const X25519 = 25;
const X448 = 26;

/**
 * Reads the body of a PKESK packet (RFC 9580 section 5.1) down to the shape of its algorithm-specific fields, so that
 * nothing but an encrypted session key fits inside.
 *
 * @throws PacketError
 */
export function readSessionKeyPacket(body: Uint8Array): RecipientHint {
  const [version, length = 0] = body;
  if (version === 3) {
    const key = toHex(body.subarray(1, 9));
    return check({ version, key: /^0+$/.test(key) ? null : key, algorithm: body[9] ?? 0 }, body.subarray(10));
  }
  if (version === 6) {
    // Key version 4 has a fingerprint of 20 bytes, 6 one of 32; the length counts the version byte too.
    const expected = length === 0 ? 0 : ({ 4: 21, 6: 33 }[body[2] ?? 0] ?? -1);
    if (length !== expected) throw new PacketError("malformed_packet", "a recipient's fingerprint is malformed");
    const key = length === 0 ? null : toHex(body.subarray(3, 2 + length));
    return check({ version, key, algorithm: body[2 + length] ?? 0 }, body.subarray(3 + length));
  }
  throw new PacketError("unsupported", "a session key packet has an unknown version");
}

function check(hint: RecipientHint, fields: Uint8Array): RecipientHint {
  const rest = fieldsAfterKey(hint, fields);
  if (rest !== fields.length) throw new PacketError("malformed_packet", "a session key packet does not add up");
  return hint;
}

/** The length that the algorithm-specific fields ought to have by what they say of themselves. */
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
      // The wrapped key is at least 24 bytes (AES key wrap); version 3 puts one cleartext algorithm byte before it.
      if (wrapped < (version === 3 ? 25 : 24)) break;
      return share + 1 + wrapped;
    }
    default:
      throw new PacketError("unsupported", "a session key is encrypted with an algorithm that is not accepted");
  }
  throw new PacketError("malformed_packet", "a session key packet is too short");
}

/** Bytes of a multiprecision integer with its two bytes of bit length (RFC 9580 section 3.2). */
function integerLength(fields: Uint8Array): number {
  const [high = 0, low = 0, lead = 0] = fields;
  const bits = high * 256 + low;
  // A leading byte that does not agree with the bit count is a sign of something else stuffed in here.
  if (bits < 256 || 32 - Math.clz32(lead) !== ((bits - 1) % 8) + 1) {
    throw new PacketError("malformed_packet", "a number in a session key packet is malformed");
  }
  return 2 + Math.ceil(bits / 8);
}
