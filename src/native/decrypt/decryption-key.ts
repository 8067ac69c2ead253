import { createPrivateKey, type KeyObject } from "node:crypto";
import type { PrivateKey, Subkey } from "openpgp";
import { fromHex } from "../../core/index.js";
import { FieldReader } from "./field-reader.js";

/** A Curve25519Legacy secret key, ready for ECDH (RFC 9580 sections 5.1.5 and 11.4). Can be posted to a thread. */
export interface DecryptionKey {
  /** 8 bytes. */
  readonly keyId: Uint8Array;
  readonly createdMs: number;
  readonly secret: KeyObject;
  /** The KDF parameters, which bind a session key to this key. */
  readonly kdfParameters: Uint8Array;
  readonly hash: string;
  readonly wrap: { readonly cipher: string; readonly keyBytes: number };
}

export const ECDH = 18;
/** Prefix of a point: its 32 bytes are in native, little-endian form. */
export const NATIVE_POINT = 0x40;
export const POINT_BYTES = 33;
const CURVE25519_LEGACY_OID = fromHex("2b060104019755010501");
/** The DER encoding of an X25519 secret key before its 32 bytes (RFC 8410). */
const PKCS8_PREFIX = fromHex("302e020100300506032b656e04220420");
const HASHES: Readonly<Record<number, string>> = { 8: "sha256", 9: "sha384", 10: "sha512" };
const WRAPS: Readonly<Record<number, DecryptionKey["wrap"]>> = {
  7: { cipher: "id-aes128-wrap", keyBytes: 16 },
  8: { cipher: "id-aes192-wrap", keyBytes: 24 },
  9: { cipher: "id-aes256-wrap", keyBytes: 32 },
};
const ANONYMOUS_SENDER = new TextEncoder().encode("Anonymous Sender    ");

/** The Curve25519Legacy keys among `keys` that may decrypt in the judgement of openpgp.js. Other keys are left out. */
export async function decryptionKeys(keys: readonly PrivateKey[]): Promise<DecryptionKey[]> {
  const found: DecryptionKey[] = [];
  for (const key of keys) {
    // Without a date, so that expired keys decrypt old messages.
    const usable = await key.getDecryptionKeys(undefined, null).catch(() => []);
    const open = usable.filter(({ keyPacket }) => keyPacket.isDecrypted());
    found.push(...open.flatMap((one) => decryptionKey(one) ?? []));
  }
  return found;
}

/** Reads the packet of an unlocked key (RFC 9580 sections 5.5.2, 5.5.3 and 5.5.5.6). */
function decryptionKey(key: PrivateKey | Subkey): DecryptionKey | null {
  if (key.keyPacket.version !== 4 || key.keyPacket.algorithm !== ECDH) return null;
  const fields = new FieldReader(key.keyPacket.write());
  fields.take(1 + 4 + 1);
  const oid = fields.take(fields.byte());
  const point = fields.integer();
  const [kdfLength, reserved, hashNumber = 0, wrapNumber = 0] = fields.take(4);
  const unencrypted = fields.byte() === 0;
  const scalar = fields.integer();
  const hash = HASHES[hashNumber];
  const wrap = WRAPS[wrapNumber];
  const isCurve25519 = Buffer.compare(oid, CURVE25519_LEGACY_OID) === 0;
  if (!isCurve25519 || point.length !== POINT_BYTES || point[0] !== NATIVE_POINT) return null;
  if (kdfLength !== 3 || reserved !== 1 || !unencrypted || scalar.length > 32) return null;
  if (hash === undefined || wrap === undefined) return null;
  // The integer is big-endian without its leading zeros; X25519 is little-endian.
  const secret = Buffer.concat([Buffer.alloc(32 - scalar.length), scalar]).reverse();
  const fingerprint = fromHex(key.getFingerprint());
  return {
    keyId: fingerprint.subarray(-8),
    createdMs: key.getCreationTime().getTime(),
    secret: createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: "der", type: "pkcs8" }),
    kdfParameters: Buffer.concat([
      Uint8Array.of(oid.length, ...oid, ECDH, 3, 1, hashNumber, wrapNumber),
      ANONYMOUS_SENDER,
      fingerprint,
    ]),
    hash,
    wrap,
  };
}
