import { Fault } from "../core/index.js";
import { beginsWithSecretKey } from "./certificates/index.js";
import { ArmorError, MessageError, type MessageReport } from "./packets/index.js";

/** `unknown_recipient`: all keys that a message names are somebody else's. `foreign_key`: some of them are. */
export class UnknownRecipientError extends Fault<"unknown_recipient" | "foreign_key"> {}

/** Why a file is not the encrypted message that it should be. */
export const FILE_FAULTS = [
  "none",
  "not_encrypted",
  "not_a_message",
  "secret_key",
  "password",
  "unknown_recipient",
  "foreign_key",
  "libre_aead",
  "no_integrity",
  "unsupported",
  "damaged",
  "trailing_data",
] as const;

export type FileFault = (typeof FILE_FAULTS)[number];

/**
 * Passes binary data through unchanged, and fails at once where it begins with a secret key: whoever sends one has to
 * know. The stream fails with ArmorError `secret_key`.
 */
export function noSecretKey(): TransformStream<Uint8Array, Uint8Array> {
  let begun = false;
  return new TransformStream({
    transform(chunk, controller) {
      if (!begun && beginsWithSecretKey(chunk)) throw new ArmorError("secret_key", "this is a secret key");
      begun = true;
      controller.enqueue(chunk);
    },
  });
}

/**
 * Requires that each key which a message names is known. Hidden recipients are not named.
 * @param isKnown asked with a fingerprint or key id in lower-case hex
 * @throws UnknownRecipientError
 */
export function requireRecipients(named: MessageReport["recipients"], isKnown: (key: string) => boolean): void {
  const foreign = named.filter(({ key }) => key !== null && !isKnown(key)).length;
  if (foreign === 0) return;
  throw foreign === named.length
    ? new UnknownRecipientError("unknown_recipient", "the message is encrypted for somebody else")
    : new UnknownRecipientError("foreign_key", "the message is also encrypted for somebody else");
}

/** What an error, or one of its causes, says of the file; null if it says nothing of it. */
export function fileFault(cause: unknown): FileFault | null {
  for (let next = cause; next instanceof Error; next = next.cause) {
    if (next instanceof UnknownRecipientError) return next.code;
    if (next instanceof ArmorError) return ARMOR_FAULTS[next.code];
    if (next instanceof MessageError) return MESSAGE_FAULTS[next.code];
  }
  return null;
}

const ARMOR_FAULTS: Readonly<Record<ArmorError["code"], FileFault>> = {
  not_armor: "not_encrypted",
  malformed: "damaged",
  truncated: "damaged",
  bad_checksum: "damaged",
  trailing_data: "trailing_data",
  secret_key: "secret_key",
  wrong_kind: "not_a_message",
};

const MESSAGE_FAULTS: Readonly<Record<MessageError["code"], FileFault>> = {
  empty: "none",
  not_openpgp: "not_encrypted",
  not_encrypted: "not_a_message",
  password_encrypted: "password",
  trailing_data: "trailing_data",
  libre_aead: "libre_aead",
  no_integrity: "no_integrity",
  unsupported: "unsupported",
  // Ours are fewer, and of the kinds that are accepted.
  foreign_algorithm: "foreign_key",
  too_many_recipients: "foreign_key",
  no_recipient: "damaged",
  malformed_packet: "damaged",
  truncated: "damaged",
  // Armor inside armor, and what only messages with a password are told.
  armored: "not_a_message",
  not_password_encrypted: "not_a_message",
  no_password: "not_a_message",
  too_many_passwords: "not_a_message",
};
