import { createDecipheriv, createHash, createPublicKey, diffieHellman } from "node:crypto";
import { type DecryptionKey, ECDH, NATIVE_POINT, POINT_BYTES } from "./decryption-key.js";
import { FieldReader } from "./field-reader.js";

const WRAP_IV = Buffer.alloc(8, 0xa6);
const AES_256 = 9;
const KEY_BYTES = 32;

/**
 * Decrypts the AES-256 session key in the body of a version 3 PKESK packet (RFC 9580 sections 5.1.1 and 11.5).
 * @returns null if the packet names another key, or is of another kind
 * @throws Error if the packet hides its recipient and this key does not decrypt it; RangeError if it is too short
 */
export function decryptSessionKey(packet: Uint8Array, key: DecryptionKey): Uint8Array | null {
  const fields = new FieldReader(packet);
  if (fields.byte() !== 3) return null;
  const keyId = fields.take(8);
  if (keyId.some((byte) => byte !== 0) && Buffer.compare(keyId, key.keyId) !== 0) return null;
  if (fields.byte() !== ECDH) return null;
  const point = fields.integer();
  if (point.length !== POINT_BYTES || point[0] !== NATIVE_POINT) return null;
  const wrapped = fields.take(fields.byte());
  if (!fields.atEnd) return null;
  // As a JWK: parsing the key from DER takes three times as long as using it.
  const x = Buffer.from(point.subarray(1)).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  const shared = diffieHellman({ privateKey: key.secret, publicKey });
  const derived = createHash(key.hash)
    .update(Uint8Array.of(0, 0, 0, 1))
    .update(shared)
    .update(key.kdfParameters)
    .digest();
  // Unwrapping checks the integrity of the wrapped key (RFC 3394).
  const unwrapping = createDecipheriv(key.wrap.cipher, derived.subarray(0, key.wrap.keyBytes), WRAP_IV);
  return unpadded(Buffer.concat([unwrapping.update(wrapped), unwrapping.final()]));
}

/** Reads the algorithm, the key, the sum of its bytes, and PKCS #5 padding. Null for anything but AES-256. */
function unpadded(padded: Buffer): Uint8Array | null {
  const padding = padded.at(-1) ?? 0;
  const end = padded.length - padding;
  if (padding < 1 || end !== 1 + KEY_BYTES + 2 || padded.subarray(end).some((byte) => byte !== padding)) return null;
  const key = padded.subarray(1, 1 + KEY_BYTES);
  const sum = key.reduce((total, byte) => total + byte, 0) & 0xffff;
  return padded[0] === AES_256 && padded.readUInt16BE(1 + KEY_BYTES) === sum ? key : null;
}
