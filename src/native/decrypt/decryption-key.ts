import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from "node:crypto";
import type { PrivateKey, Subkey } from "openpgp";
import { fromHex } from "../../core/index.js";

/** A secret key on Curve25519Legacy, ready for ECDH (RFC 9580 sections 5.1.5 and 11.4). */
export interface QuickKey {
  /** 8 bytes. */
  readonly keyId: Uint8Array;
  readonly secret: KeyObject;
  /** The KDF's parameters, which bind a session key to this key. */
  readonly param: Uint8Array;
  readonly hash: string;
  readonly wrap: { readonly cipher: string; readonly bytes: number };
}

const ECDH = 18;
const CURVE25519_LEGACY = fromHex("2b060104019755010501");
/** Before the 32 bytes of a point, that they are in little-endian form. */
const NATIVE = 0x40;
/** What stands before the 32 bytes of a secret X25519 key in DER (RFC 8410). */
const PKCS8 = fromHex("302e020100300506032b656e04220420");
const HASHES: Readonly<Record<number, string>> = { 8: "sha256", 9: "sha384", 10: "sha512" };
const WRAPS: Readonly<Record<number, QuickKey["wrap"]>> = {
  7: { cipher: "id-aes128-wrap", bytes: 16 },
  8: { cipher: "id-aes192-wrap", bytes: 24 },
  9: { cipher: "id-aes256-wrap", bytes: 32 },
};
const WRAP_START = Buffer.alloc(8, 0xa6);
const ANONYMOUS_SENDER = new TextEncoder().encode("Anonymous Sender    ");

/** Those of `keys` that are of this kind and may decrypt, as openpgp.js judges it; it opens also what is for others. */
export async function quickKeys(keys: readonly PrivateKey[]): Promise<QuickKey[]> {
  const found: QuickKey[] = [];
  for (const key of keys) {
    // Expired ones too, for old messages.
    const usable = await key.getDecryptionKeys(undefined, null).catch(() => []);
    found.push(...usable.flatMap((one) => quickKey(one) ?? []));
  }
  return found;
}

/** By the packet of the unlocked key (RFC 9580 sections 5.5.2, 5.5.3 and 5.5.5.6). */
function quickKey(key: PrivateKey | Subkey): QuickKey | null {
  if (key.keyPacket.version !== 4 || key.keyPacket.algorithm !== ECDH) return null;
  const fields = new Fields(key.keyPacket.write());
  fields.take(1 + 4 + 1);
  const oid = fields.take(fields.byte());
  const point = fields.integer();
  const [kdfLength, reserved, hashNumber = 0, wrapNumber = 0] = fields.take(4);
  const unencrypted = fields.byte() === 0;
  const scalar = fields.integer();
  const hash = HASHES[hashNumber];
  const wrap = WRAPS[wrapNumber];
  const ours = Buffer.compare(oid, CURVE25519_LEGACY) === 0 && point.length === 33 && point[0] === NATIVE;
  if (!ours || kdfLength !== 3 || reserved !== 1 || !unencrypted || scalar.length > 32) return null;
  if (hash === undefined || wrap === undefined) return null;
  // As an integer it has lost its leading zeros, and its bytes are the other way round.
  const secret = Buffer.concat([Buffer.alloc(32 - scalar.length), scalar]).reverse();
  const fingerprint = fromHex(key.getFingerprint());
  return {
    keyId: fingerprint.subarray(-8),
    secret: createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: "der", type: "pkcs8" }),
    param: Buffer.concat([
      Uint8Array.of(oid.length, ...oid, ECDH, 3, 1, hashNumber, wrapNumber),
      ANONYMOUS_SENDER,
      fingerprint,
    ]),
    hash,
    wrap,
  };
}

const AES_256 = 9;

/**
 * The AES-256 session key in a PKESK packet, version 3 (RFC 9580 sections 5.1.1 and 11.5).
 * @returns null if it is for another key, or of another kind
 * @throws Error if it is not for this key, although it does not say for which
 */
export function sessionKeyIn(packet: Uint8Array, key: QuickKey): Uint8Array | null {
  const fields = new Fields(packet);
  if (fields.byte() !== 3) return null;
  const keyId = fields.take(8);
  if (keyId.some((byte) => byte !== 0) && Buffer.compare(keyId, key.keyId) !== 0) return null;
  if (fields.byte() !== ECDH) return null;
  const point = fields.integer();
  if (point.length !== 33 || point[0] !== NATIVE) return null;
  const wrapped = fields.take(fields.byte());
  if (!fields.atEnd) return null;
  // In DER it would take three times as long to read as to use.
  const x = Buffer.from(point.subarray(1)).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  const shared = diffieHellman({ privateKey: key.secret, publicKey });
  const derived = createHash(key.hash)
    .update(Uint8Array.of(0, 0, 0, 1))
    .update(shared)
    .update(key.param)
    .digest();
  // The unwrapping fails if anything in it is wrong (RFC 3394).
  const unwrapping = createDecipheriv(key.wrap.cipher, derived.subarray(0, key.wrap.bytes), WRAP_START);
  const padded = Buffer.concat([unwrapping.update(wrapped), unwrapping.final()]);
  return sessionKeyOf(padded);
}

/** The algorithm, the key, the sum of its bytes, and PKCS #5 padding. */
function sessionKeyOf(padded: Buffer): Uint8Array | null {
  const padding = padded.at(-1) ?? 0;
  const end = padded.length - padding;
  if (padding < 1 || end !== 1 + 32 + 2 || padded.subarray(end).some((byte) => byte !== padding)) return null;
  const key = padded.subarray(1, 33);
  const sum = key.reduce((total, byte) => total + byte, 0) & 0xffff;
  return padded[0] === AES_256 && padded.readUInt16BE(33) === sum ? key : null;
}

/** Reads fields one after the other. */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws RangeError if there are fewer */
  take(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new RangeError("a packet is too short");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** The bytes of a multiprecision integer (RFC 9580 section 3.2). */
  integer(): Uint8Array {
    const [high = 0, low = 0] = this.take(2);
    return this.take(Math.ceil((high * 256 + low) / 8));
  }
}
