import { type KeyObject, sign } from "node:crypto";
import { readPortalKey } from "./portal-key.js";

/** What a portal signs the state of an upload with, so that no relay can make up its answers. P-256. */
export interface ReceiptKey {
  /** Its public half: SubjectPublicKeyInfo in base64. */
  readonly spki: string;
  /** The signature of a text, 64 bytes in base64; null where only the public half is known. */
  readonly sign: ((text: string) => string) | null;
}

/**
 * Reads a key in PEM. The public half is enough where nothing is signed, as for `postern verify`.
 * @throws PortalKeyError
 */
export function readReceiptKey(pem: string): ReceiptKey {
  const { spki, secret } = readPortalKey(pem);
  return { spki: spki.toString("base64"), sign: secret === null ? null : (text) => signed(secret, text) };
}

function signed(key: KeyObject, text: string): string {
  // As WebCrypto writes and reads it.
  return sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
}
