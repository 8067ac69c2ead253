import { encryptSessionKey, enums, generateSessionKey } from "openpgp";
import { Fault } from "../core/index.js";
import type { Recipient } from "./recipient.js";

export class EncryptError extends Fault<"no_recipient" | "not_a_reply_key" | "encryption_failed"> {}

/** What the contents of one message are encrypted with: an AES-256 session key, and how it is used. */
export interface MessageKey {
  /** 32 bytes. */
  readonly data: Uint8Array;
  readonly algorithm: "aes256";
  /** The AEAD algorithm of SEIPD version 2, or null for version 1. */
  readonly aead: "gcm" | "ocb" | null;
}

/** AES-256 for everybody: asked what certain recipients prefer, openpgp.js would settle for AES-128. */
const AES_256 = { preferredSymmetricAlgorithm: enums.symmetric.aes256, aeadProtect: false };

/**
 * A new session key, for version 2 if every recipient takes it.
 * @throws EncryptError `no_recipient`
 */
export async function newMessageKey(recipients: readonly Recipient[]): Promise<MessageKey> {
  if (recipients.length === 0) throw new EncryptError("no_recipient", "there is nobody to encrypt to");
  const { data, algorithm } = await generateSessionKey({ encryptionKeys: [], config: AES_256 });
  if (algorithm !== "aes256") throw new EncryptError("encryption_failed", "no key for AES-256 was made");
  return { data, algorithm, aead: aeadFor(recipients) };
}

function aeadFor(recipients: readonly Recipient[]): MessageKey["aead"] {
  if (recipients.some(({ aead }) => aead === null)) return null;
  return recipients.every(({ aead }) => aead === "gcm") ? "gcm" : "ocb";
}

/** As openpgp.js takes it. */
export function sessionKeyOf({ data, algorithm, aead }: MessageKey) {
  return { data, algorithm, ...(aead === null ? {} : { aeadAlgorithm: aead }) };
}

/**
 * A new key, and the packets that hold it for each recipient and do not say whose they are (RFC 9580 section 5.1).
 * @param date the moment at which the certificates must be valid
 * @throws EncryptError
 */
export async function beginMessage(
  recipients: readonly Recipient[],
  date: Date,
): Promise<{ readonly key: MessageKey; readonly packets: Uint8Array }> {
  const key = await newMessageKey(recipients);
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
