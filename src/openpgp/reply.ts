import { encrypt, enums } from "openpgp";
import {
  type Archive,
  archiveSize,
  createArchive,
  type Document,
  type DocumentRecord,
  Fault,
  isReplyKey,
  placeDocuments,
  recordFile,
  textFile,
} from "../core/index.js";
import { DecryptError, decryptWith } from "./decryption.js";
import { literal, newSessionKey } from "./encrypt-message.js";
import { EncryptError } from "./message-key.js";
import { messageGuard } from "./packets/index.js";

/** Bytes of a reply's archive with its padding: it is read in memory, in a browser on an old telephone too. */
export const LARGEST_REPLY = 32 * 1024 * 1024;
/** Bytes of the message around it, however its lengths are written. */
export const LARGEST_REPLY_MESSAGE = LARGEST_REPLY + 64 * 1024;

/**
 * 16 MiB are hashed to make a key of the password, as openpgp.js does by default. The password has 256 random bits: more
 * would cost telephones memory and protect nothing.
 */
const S2K_COUNT = 224;

export class ReplyError extends Fault<"too_large"> {}

/** What staff answer. */
export interface ReplyContents {
  readonly text: string;
  readonly documents: readonly Document[];
}

/** The contents of `reply.json`. */
export interface ReplyRecord {
  readonly format: "postern-reply";
  readonly version: 1;
  readonly files: readonly DocumentRecord[];
}

/**
 * The archive of one reply, laid out as docs/FORMAT.md says.
 * @throws ReplyError if it is over {@link LARGEST_REPLY}; ArchiveWriteError
 */
export function createReply({ text, documents }: ReplyContents): Archive {
  const { records, files } = placeDocuments(documents);
  const record: ReplyRecord = { format: "postern-reply", version: 1, files: records };
  const all = [textFile("reply.txt", text), recordFile("reply.json", record), ...files];
  if (archiveSize(["files"], all) > LARGEST_REPLY) {
    throw new ReplyError("too_large", `a reply with its documents must stay under ${LARGEST_REPLY / 1024 ** 2} MiB`);
  }
  return createArchive("reply", ["files"], all);
}

/**
 * Encrypts a reply's archive with the reply key as the password, so that any OpenPGP program opens it: one SKESK version 4
 * with an iterated and salted S2K, AES-256, SEIPD version 1, no compression, no signature. What comes out has passed
 * through {@link messageGuard}.
 * @throws EncryptError
 */
export async function encryptReply(
  archive: ReadableStream<Uint8Array>,
  replyKey: string,
): Promise<ReadableStream<Uint8Array>> {
  if (!isReplyKey(replyKey)) throw new EncryptError("not_a_reply_key", "this is not a reply key");
  try {
    const encrypted = await encrypt({
      message: await literal(archive),
      passwords: [replyKey],
      sessionKey: newSessionKey(),
      format: "binary",
      config: {
        aeadProtect: false,
        s2kType: enums.s2k.iterated,
        s2kIterationCountByte: S2K_COUNT,
        preferredCompressionAlgorithm: enums.compression.uncompressed,
      },
    });
    return encrypted.pipeThrough(messageGuard("password"));
  } catch (cause) {
    throw new EncryptError("encryption_failed", "the reply could not be encrypted", { cause });
  }
}

/**
 * Decrypts a reply. The stream carries bytes **before** their integrity is known: its reader must throw everything away
 * unless the stream ends without an error, as {@link readReply} does.
 *
 * A wrong key is `no_matching_key` where that can be told at once, and `damaged` where it cannot.
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
  // The guard also keeps a message from making the S2K run once for each of many passwords.
  const guarded = encrypted.pipeThrough(messageGuard("password"));
  return decryptWith(guarded, { passwords: [replyKey] }, LARGEST_REPLY);
}
