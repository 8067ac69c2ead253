import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Fault } from "../../core/index.js";

export class ReceiptKeyError extends Fault<"not_a_key" | "other_kind"> {}

/** What a portal signs the state of an upload with, so that no relay can make up its answers. P-256. */
export interface ReceiptKey {
  /** Its public half: SubjectPublicKeyInfo in base64. */
  readonly spki: string;
  /** The signature of a text, 64 bytes in base64; null where only the public half is known. */
  readonly sign: ((text: string) => string) | null;
}

const PRIVATE = /-----BEGIN (?:EC )?PRIVATE KEY-----/;

/**
 * Reads a key in PEM. The public half is enough where nothing is signed, as for `postern verify`.
 * @throws ReceiptKeyError
 */
export function readReceiptKey(pem: string): ReceiptKey {
  const secret = PRIVATE.test(pem) ? read(() => createPrivateKey(pem)) : null;
  const key = read(() => createPublicKey(pem));
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new ReceiptKeyError("other_kind", "the key is not one of P-256");
  }
  return {
    spki: key.export({ type: "spki", format: "der" }).toString("base64"),
    sign: secret === null ? null : (text) => signed(secret, text),
  };
}

function signed(key: KeyObject, text: string): string {
  // As WebCrypto writes and reads it.
  return sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
}

function read(make: () => KeyObject): KeyObject {
  try {
    return make();
  } catch (cause) {
    throw new ReceiptKeyError("not_a_key", "this is no key in PEM", { cause });
  }
}
