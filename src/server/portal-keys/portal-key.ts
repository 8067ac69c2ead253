import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Fault } from "../../core/index.js";

export class PortalKeyError extends Fault<"not_a_key" | "other_kind"> {}

/** A key of the portal's own: P-256. */
export interface PortalKey {
  /** Its public half: SubjectPublicKeyInfo. */
  readonly spki: Buffer<ArrayBuffer>;
  /** Null where only the public half is known. */
  readonly secret: KeyObject | null;
}

const PRIVATE = /-----BEGIN (?:EC )?PRIVATE KEY-----/;

/**
 * Reads a key in PEM, or the public half of one.
 * @throws PortalKeyError
 */
export function readPortalKey(pem: string): PortalKey {
  const secret = PRIVATE.test(pem) ? read(() => createPrivateKey(pem)) : null;
  const key = read(() => createPublicKey(pem));
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new PortalKeyError("other_kind", "the key is not one of P-256");
  }
  return { spki: Buffer.from(key.export({ type: "spki", format: "der" })), secret };
}

function read(make: () => KeyObject): KeyObject {
  try {
    return make();
  } catch (cause) {
    throw new PortalKeyError("not_a_key", "this is no key in PEM", { cause });
  }
}
