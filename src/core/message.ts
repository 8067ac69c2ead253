import {
  config,
  createMessage,
  decrypt,
  decryptSessionKeys,
  encrypt,
  enums,
  type PrivateKey,
  readMessage,
  type SessionKey,
} from "openpgp";
import { inBlocks } from "./blocks.js";
import { Fault } from "./fault.js";
import { messageGuard } from "./message-inspector.js";
import type { Recipient } from "./recipient.js";
import { WatchedSource } from "./watched-source.js";

export class EncryptError extends Fault<"no_recipient" | "encryption_failed"> {}
export class DecryptError extends Fault<"not_a_message" | "no_matching_key" | "damaged"> {}

/** Octets of the AES-256 session key. */
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
  if (recipients.length === 0) throw new EncryptError("no_recipient", "there is nobody to encrypt to");
  const modern = recipients.every((recipient) => recipient.aead !== null);
  const mode = recipients.every((recipient) => recipient.aead === "gcm") ? "gcm" : "ocb";
  try {
    const message = await createMessage({
      binary: content.pipeThrough(inBlocks(BLOCK)),
      filename: "",
      date: new Date(0),
    });
    const encrypted = await encrypt({
      message,
      encryptionKeys: recipients.map((recipient) => recipient.certificate),
      sessionKey: {
        data: crypto.getRandomValues(new Uint8Array(SESSION_KEY)),
        algorithm: "aes256",
        ...(modern ? { aeadAlgorithm: mode } : {}),
      },
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

/**
 * Decrypts a message with whichever of `keys` fits. The stream carries octets **before** their integrity is known: its
 * reader must throw everything away unless the stream ends without an error.
 *
 * @param mostOctets the most that compressed contents may grow to
 * @throws DecryptError at once; `damaged` also through the stream
 */
export async function decryptMessage(
  encrypted: ReadableStream<Uint8Array>,
  keys: readonly PrivateKey[],
  mostOctets: number,
): Promise<ReadableStream<Uint8Array>> {
  const settings = { ...config, allowUnauthenticatedStream: true, maxDecompressedMessageSize: mostOctets };
  const source = new WatchedSource(encrypted);
  try {
    const message = await readMessage({ binaryMessage: source.stream, config: settings }).catch((cause: unknown) => {
      throw new DecryptError("not_a_message", "this is not an OpenPGP message", { cause });
    });
    const sessionKeys = await decryptSessionKeys({ message, decryptionKeys: [...keys], config: settings }).catch(
      (cause: unknown) => {
        throw new DecryptError("no_matching_key", "none of the keys given opens this message", { cause });
      },
    );
    const decrypting = decrypt({
      message,
      // The algorithm is null beside version 2 data, which names its cipher itself; the declarations do not know that.
      sessionKeys: sessionKeys as SessionKey[],
      format: "binary",
      config: settings,
    });
    const { data } = await source.watch(decrypting).catch((cause: unknown) => {
      throw damaged(cause);
    });
    return data.pipeThrough(damageExplained());
  } catch (cause) {
    await source.cancel(cause);
    throw cause;
  }
}

function damaged(cause: unknown): DecryptError {
  return new DecryptError("damaged", "the message is damaged: its integrity check failed", { cause });
}

/** Gives errors of the decrypting stream a code of ours. */
function damageExplained(): { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const reader = readable.getReader();
  return {
    writable,
    readable: new ReadableStream(
      {
        async pull(controller) {
          const next = await reader.read().catch((cause: unknown) => {
            throw damaged(cause);
          });
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    ),
  };
}
