import { encryptSessionKey } from "openpgp";
import { Fault } from "../core/index.js";
import type { Recipient } from "./recipient.js";

export class EncryptError extends Fault<"no_recipient" | "not_a_reply_key" | "encryption_failed"> {}

/** The session key of one message, and how it is used. */
export interface MessageKey {
  /** 32 bytes. */
  readonly data: Uint8Array;
  readonly algorithm: "aes256";
  /** The AEAD algorithm of SEIPD version 2, or null for version 1. */
  readonly aead: "gcm" | "ocb" | null;
}

const AES_256_KEY_BYTES = 32;

/** A random key for AES-256. openpgp.js's own generator follows what recipients prefer, down to AES-128. */
export function newSessionKey(): Pick<MessageKey, "data" | "algorithm"> {
  return { data: crypto.getRandomValues(new Uint8Array(AES_256_KEY_BYTES)), algorithm: "aes256" };
}

/**
 * A new session key, for SEIPD version 2 if every recipient supports it.
 * @throws EncryptError `no_recipient`
 */
export function newMessageKey(recipients: readonly Recipient[]): MessageKey {
  if (recipients.length === 0) throw new EncryptError("no_recipient", "there is nobody to encrypt to");
  return { ...newSessionKey(), aead: aeadFor(recipients) };
}

function aeadFor(recipients: readonly Recipient[]): MessageKey["aead"] {
  if (recipients.some(({ aead }) => aead === null)) return null;
  return recipients.every(({ aead }) => aead === "gcm") ? "gcm" : "ocb";
}

/** The form that openpgp.js expects. */
export function sessionKeyOf({ data, algorithm, aead }: MessageKey) {
  return { data, algorithm, ...(aead === null ? {} : { aeadAlgorithm: aead }) };
}

/**
 * A new session key, and a PKESK packet for each recipient that does not name them (RFC 9580 section 5.1).
 * @param date the moment at which the certificates must be valid
 * @throws EncryptError
 */
export async function beginMessage(
  recipients: readonly Recipient[],
  date: Date,
): Promise<{ readonly key: MessageKey; readonly packets: Uint8Array }> {
  const key = newMessageKey(recipients);
  const packets = await encryptSessionKey({
    ...sessionKeyOf(key),
    encryptionKeys: recipients.map(({ certificate }) => certificate),
    wildcard: true,
    format: "binary",
    date,
  }).catch((cause: unknown) => {
    throw new EncryptError("encryption_failed", "the session key could not be encrypted", { cause });
  });
  return { key, packets };
}
