import { encryptSessionKey, type PublicKey } from "openpgp";
import { Fault } from "../core/index.js";
import { type Choice, judgeRecipient, type Key, type Recipient, RecipientError } from "./certificates/index.js";

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

/** What one message is encrypted with: a new session key, and a PKESK packet for each key of each recipient. */
export interface BegunMessage {
  readonly key: MessageKey;
  readonly packets: Uint8Array;
}

/**
 * Makes a new session key, for SEIPD version 2 if every recipient supports it, and a PKESK packet for each key that it
 * is encrypted to (RFC 9580 section 5.1). The packets do not name the keys.
 * @param date the moment that decides which of a recipient's keys is used
 * @throws EncryptError
 */
export async function beginMessage(recipients: readonly Recipient[], date: Date): Promise<BegunMessage> {
  if (recipients.length === 0) throw new EncryptError("no_recipient", "there is nobody to encrypt to");
  try {
    const choices = recipients.map((recipient) => choiceFor(recipient, date));
    const key = { ...newSessionKey(), aead: aeadFor(choices) };
    const packets = await encryptSessionKey({
      ...sessionKeyOf(key),
      encryptionKeys: choices.flatMap(({ keys }) => keys.map(chosenKey)),
      wildcard: true,
      format: "binary",
    });
    return { key, packets };
  } catch (cause) {
    throw new EncryptError("encryption_failed", "the session key could not be encrypted", { cause });
  }
}

function choiceFor(recipient: Recipient, date: Date): Choice {
  const judged = judgeRecipient(recipient, date);
  if (!("fault" in judged)) return judged;
  throw new RecipientError(judged.fault, `the certificate ${recipient.fingerprint} ${judged.why}`);
}

function aeadFor(choices: readonly Choice[]): MessageKey["aead"] {
  if (choices.some(({ aead }) => aead === null)) return null;
  return choices.every(({ aead }) => aead === "gcm") ? "gcm" : "ocb";
}

/** openpgp.js asks a certificate which of its keys to use, and would choose by its own rules: it is given one key. */
function chosenKey({ packet }: Key): PublicKey {
  return { getEncryptionKey: async () => ({ keyPacket: packet }) } as unknown as PublicKey;
}

/** The form that openpgp.js expects. */
export function sessionKeyOf({ data, algorithm, aead }: MessageKey) {
  return { data, algorithm, ...(aead === null ? {} : { aeadAlgorithm: aead }) };
}
