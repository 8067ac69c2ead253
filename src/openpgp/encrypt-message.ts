import { encrypt, enums } from "openpgp";
import { literalData } from "./literal-data.js";
import { EncryptError, newMessageKey, sessionKeyOf } from "./message-key.js";
import { messageGuard } from "./packets/index.js";
import type { Recipient } from "./recipient.js";

/**
 * Encrypts `content` to every recipient: one PKESK each with key ID zero, then one SEIPD packet, version 2 if every
 * recipient supports it and else version 1 (RFC 9580 section 5.13). AES-256, no compression, no signature.
 *
 * The output has passed {@link messageGuard}: the stream fails rather than let anything unencrypted through.
 * @param fileName what a person named the contents, of at most 255 bytes; ours have none
 * @param date the moment at which the certificates must be valid
 * @throws EncryptError
 */
export async function encryptMessage(
  content: ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
  fileName = "",
): Promise<ReadableStream<Uint8Array>> {
  const key = newMessageKey(recipients);
  try {
    const encrypted = await encrypt({
      message: await literalData(content, fileName),
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
