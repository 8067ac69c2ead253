import { createMessage, encrypt, enums, type Message, type PrivateKey } from "openpgp";
import { inBlocks } from "./blocks.js";
import { decryptWhole, decryptWith } from "./decryption.js";
import { EncryptError, newMessageKey, sessionKeyOf } from "./message-key.js";
import { messageGuard } from "./packets/index.js";
import type { Recipient } from "./recipient.js";

/** Bytes of the AES-256 session key. */
const SESSION_KEY = 32;
/** Partial lengths show in the ciphertext: with equal blocks they tell no more than the whole size does. */
const BLOCK = 256 * 1024;

/**
 * Encrypts `content` to every recipient: one session key packet each with the key ID zero, then one packet of encrypted
 * data: SEIPD version 1, or version 2 if every recipient takes it. AES-256, no compression, no signature.
 *
 * What comes out has passed through {@link messageGuard}: should anything ever come out unencrypted, the stream fails.
 * @param date the moment at which the certificates must be valid
 * @throws EncryptError
 */
export async function encryptMessage(
  content: ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
): Promise<ReadableStream<Uint8Array>> {
  const key = await newMessageKey(recipients);
  try {
    const message = await literal(content);
    const encrypted = await encrypt({
      message,
      encryptionKeys: recipients.map((recipient) => recipient.certificate),
      sessionKey: sessionKeyOf(key),
      wildcard: true,
      format: "binary",
      date,
      config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
    });
    return encrypted.pipeThrough(messageGuard());
  } catch (cause) {
    throw new EncryptError("encryption_failed", "the submission could not be encrypted", { cause });
  }
}

/** `content` as the literal data of a message: no name, and no date. */
export async function literal(content: ReadableStream<Uint8Array>): Promise<Message<ReadableStream<Uint8Array>>> {
  return createMessage({ binary: content.pipeThrough(inBlocks(BLOCK)), filename: "", date: new Date(0) });
}

/** A new random key for AES-256. */
export function newSessionKey(): { readonly data: Uint8Array; readonly algorithm: "aes256" } {
  return { data: crypto.getRandomValues(new Uint8Array(SESSION_KEY)), algorithm: "aes256" };
}

/**
 * Decrypts a message with whichever of `keys` fits. The stream carries bytes **before** their integrity is known: its
 * reader must throw everything away unless the stream ends without an error.
 *
 * @param mostBytes the most that compressed contents may grow to
 * @throws DecryptError at once; `damaged` also through the stream
 */
export async function decryptMessage(
  encrypted: ReadableStream<Uint8Array>,
  keys: readonly PrivateKey[],
  mostBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  return decryptWith(encrypted, { decryptionKeys: [...keys] }, mostBytes);
}

/**
 * Decrypts a short message in memory. Unlike {@link decryptMessage} it gives nothing that was not authenticated.
 * @returns null if that does not work, for whatever reason: decryptMessage tells it
 */
export async function decryptShortMessage(
  encrypted: Uint8Array,
  keys: readonly PrivateKey[],
  mostBytes: number,
): Promise<Uint8Array | null> {
  return decryptWhole(encrypted, { decryptionKeys: [...keys] }, mostBytes).catch(() => null);
}
