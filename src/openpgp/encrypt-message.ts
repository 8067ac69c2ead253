import { encrypt, enums } from "openpgp";
import type { Recipient } from "./certificates/index.js";
import { literalData } from "./literal-data.js";
import { beginMessage, EncryptError, sessionKeyOf } from "./message-key.js";
import { messageGuard } from "./packets/index.js";

/**
 * Encrypts `content` to every recipient: one PKESK with key ID zero for each of their keys, then one SEIPD packet,
 * version 2 if every recipient supports it and else version 1 (RFC 9580 section 5.13). AES-256, no compression, no
 * signature.
 *
 * The output has passed {@link messageGuard}: the stream fails rather than let anything unencrypted through.
 * @param fileName what a person named the contents, of at most 255 bytes; ours have none
 * @param date the moment that decides which of a recipient's keys is used
 * @throws EncryptError
 */
export async function encryptMessage(
  content: ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
  fileName = "",
): Promise<ReadableStream<Uint8Array>> {
  const { key, packets } = await beginMessage(recipients, date);
  try {
    // Without a recipient openpgp.js writes the encrypted data alone.
    const encrypted = await encrypt({
      message: await literalData(content, fileName),
      sessionKey: sessionKeyOf(key),
      format: "binary",
      config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
    });
    return encrypted.pipeThrough(after(packets)).pipeThrough(messageGuard());
  } catch (cause) {
    throw new EncryptError("encryption_failed", "the submission could not be encrypted", { cause });
  }
}

/** Passes a stream through behind `bytes`. */
function after(bytes: Uint8Array): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({ start: (controller) => controller.enqueue(bytes) });
}
