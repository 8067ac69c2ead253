import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import { LAYOUT_HEAD_BYTES, layoutOf, maxContentBytes } from "../../core/index.js";
import {
  DecryptError,
  MAX_SHORT_BYTES,
  messageIn,
  messageInBytes,
  openMessage,
  openShortMessage,
} from "../../openpgp/index.js";
import { extractContents, extractWhole } from "./extract.js";
import { inOrderOf } from "./key-order.js";
import type { OnRead, Unpack } from "./opener.js";

const READ_BYTES = 1024 * 1024;

/** Decrypts any kind of message with openpgp.js. */
export function unpackWith(allKeys: readonly PrivateKey[]): Unpack {
  return async (file, into, onRead) => {
    const { size, mtimeMs } = statSync(file);
    const keys = inOrderOf(allKeys, (key) => key.getCreationTime().getTime(), mtimeMs);
    if (size > MAX_SHORT_BYTES) {
      const binary = await messageIn(read(file, onRead));
      const { data, notes } = await openMessage(binary, keys, maxContentBytes(size));
      return extractContents(data, notes, into);
    }
    // For most submissions streams would cost more than the decryption.
    const message = readFileSync(file);
    const { data, notes } = await openShortMessage(await binaryOf(message), keys, maxContentBytes(size));
    onRead?.(message.length);
    if (layoutOf(data.subarray(0, LAYOUT_HEAD_BYTES)) === "form") return extractWhole(data, into);
    return extractContents(new Blob([data]).stream(), notes, into);
  };
}

async function binaryOf(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return messageInBytes(file).catch((cause: unknown) => {
    throw new DecryptError("not_a_message", "this is not an OpenPGP message", { cause });
  });
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
