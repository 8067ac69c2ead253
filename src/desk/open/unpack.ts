import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { ARCHIVE_LIMITS } from "../../core/index.js";
import { decryptMessage, decryptShortMessage } from "../../openpgp/index.js";
import { extractSubmission, extractWhole } from "./extract.js";
import { MAX_IN_MEMORY_BYTES, type OnRead, type Unpack } from "./opener.js";

const READ_BYTES = 1024 * 1024;
/** The largest decrypted size of a message that is held in memory. */
const MAX_CONTENT_BYTES = 32 * 1024 * 1024;

/** Decrypts any kind of message with openpgp.js. */
export function unpackWith(keys: readonly PrivateKey[]): Unpack {
  return async (file, into, onRead) => {
    if (statSync(file).size <= MAX_IN_MEMORY_BYTES) {
      // For most submissions streams would cost more than the decryption.
      const message = readFileSync(file);
      const archive = await decryptShortMessage(message, keys, MAX_CONTENT_BYTES);
      if (archive !== null) {
        onRead?.(message.length);
        return extractWhole(archive, into);
      }
    }
    return extractSubmission(await decryptMessage(read(file, onRead), keys, ARCHIVE_LIMITS.bytes), into);
  };
}

function read(file: string, onRead: OnRead | undefined): ReadableStream<Uint8Array> {
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      onRead?.(chunk.length);
      done(null, chunk);
    },
  });
  const source = createReadStream(file, { highWaterMark: READ_BYTES });
  source.on("error", (cause) => counted.destroy(cause));
  return Readable.toWeb(source.pipe(counted)) as ReadableStream<Uint8Array>;
}
