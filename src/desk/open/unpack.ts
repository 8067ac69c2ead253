import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { maxContentBytes } from "../../core/index.js";
import { decryptMessage, decryptShortMessage, MAX_SHORT_BYTES } from "../../openpgp/index.js";
import { extractSubmission, extractWhole } from "./extract.js";
import type { OnRead, Unpack } from "./opener.js";

const READ_BYTES = 1024 * 1024;

/** Decrypts any kind of message with openpgp.js. */
export function unpackWith(keys: readonly PrivateKey[]): Unpack {
  return async (file, into, onRead) => {
    const { size } = statSync(file);
    if (size > MAX_SHORT_BYTES) {
      return extractSubmission(await decryptMessage(read(file, onRead), keys, maxContentBytes(size)), into);
    }
    // For most submissions streams would cost more than the decryption.
    const message = readFileSync(file);
    const archive = await decryptShortMessage(message, keys, maxContentBytes(size));
    onRead?.(message.length);
    return extractWhole(archive, into);
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
