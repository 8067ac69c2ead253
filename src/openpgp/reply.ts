import { encrypt, enums } from "openpgp";
import { isReplyKey, MAX_REPLY_BYTES, type Reply, readReply } from "../core/index.js";
import { DecryptError, damaged } from "./decrypt-error.js";
import { decryptWith } from "./decryption.js";
import { literalData } from "./literal-data.js";
import { EncryptError, newSessionKey } from "./message-key.js";
import { MessageError, messageGuard } from "./packets/index.js";

/** Bytes of an encrypted reply: the archive, and room for packet headers in any encoding of their lengths. */
export const MAX_REPLY_MESSAGE_BYTES = MAX_REPLY_BYTES + 64 * 1024;

/**
 * S2K count byte for 16 MiB of hashing, openpgp.js's default (RFC 9580 section 3.7.1.3). The password has 256 random
 * bits: a higher count would cost phones memory and protect nothing.
 */
const S2K_COUNT_BYTE = 224;

/**
 * Encrypts a reply's archive with the reply key as the password, so that any OpenPGP program opens it: one SKESK
 * version 4 with an iterated and salted S2K, AES-256, SEIPD version 1, no compression, no signature. The output has
 * passed {@link messageGuard}.
 * @throws EncryptError
 */
export async function encryptReply(
  archive: ReadableStream<Uint8Array>,
  replyKey: string,
): Promise<ReadableStream<Uint8Array>> {
  if (!isReplyKey(replyKey)) throw new EncryptError("not_a_reply_key", "this is not a reply key");
  try {
    const encrypted = await encrypt({
      message: await literalData(archive),
      passwords: [replyKey],
      sessionKey: newSessionKey(),
      format: "binary",
      config: {
        aeadProtect: false,
        s2kType: enums.s2k.iterated,
        s2kIterationCountByte: S2K_COUNT_BYTE,
        preferredCompressionAlgorithm: enums.compression.uncompressed,
      },
    });
    return encrypted.pipeThrough(messageGuard("password"));
  } catch (cause) {
    throw new EncryptError("encryption_failed", "the reply could not be encrypted", { cause });
  }
}

/**
 * Decrypts a reply. The stream carries bytes **before** their integrity is known: its reader must discard all of them
 * unless the stream ends without an error, as {@link readReply} does.
 *
 * A wrong key throws `no_matching_key`, or `damaged` where SKESK version 4 cannot tell.
 * @throws DecryptError at once; `damaged` also through the stream
 */
export async function decryptReply(
  encrypted: ReadableStream<Uint8Array>,
  replyKey: string,
): Promise<ReadableStream<Uint8Array>> {
  if (!isReplyKey(replyKey)) {
    await encrypted.cancel().catch(() => undefined);
    throw new DecryptError("no_matching_key", "this is not a reply key");
  }
  // The guard allows one SKESK: many of them would each cost a run of the S2K.
  const guarded = encrypted.pipeThrough(messageGuard("password"));
  return decryptWith(guarded, { passwords: [replyKey] }, MAX_REPLY_BYTES).catch((cause: unknown) => {
    if (!(cause instanceof MessageError)) throw cause;
    if (cause.code === "truncated" || cause.code === "trailing_data") throw damaged(cause);
    throw new DecryptError("not_a_message", "this is not a reply", { cause });
  });
}

/**
 * Decrypts and reads one reply.
 * @throws DecryptError, ArchiveError
 */
export async function openReply(encrypted: ReadableStream<Uint8Array>, replyKey: string): Promise<Reply> {
  return readReply(await decryptReply(encrypted, replyKey));
}
