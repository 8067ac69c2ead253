import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { ARCHIVE_LIMITS } from "../../core/index.js";
import { decryptMessage, decryptShortMessage } from "../../openpgp/index.js";
import { extractSubmission, extractWhole } from "./extract.js";
import { type OnRead, SHORT, type Unpack } from "./opener.js";

const READ_BLOCK = 1024 * 1024;
/** Bytes that the contents of a short message may grow to in memory. */
const SHORT_CONTENTS = 32 * 1024 * 1024;

/** Decrypts by openpgp.js, whatever kind of message it is. */
export function unpackWith(keys: readonly PrivateKey[]): Unpack {
  return async (file, into, onRead) => {
    if (statSync(file).size <= SHORT) {
      // What most submissions are: short enough to be opened without streams, which would cost more than the decrypting.
      const message = readFileSync(file);
      const archive = await decryptShortMessage(message, keys, SHORT_CONTENTS);
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
  const source = createReadStream(file, { highWaterMark: READ_BLOCK });
  source.on("error", (cause) => counted.destroy(cause));
  return Readable.toWeb(source.pipe(counted)) as ReadableStream<Uint8Array>;
}
