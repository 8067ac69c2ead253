import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import type { CaseRecord } from "../cases/index.js";
import { ARCHIVE_LIMITS, decryptMessage, decryptShortMessage } from "../core/index.js";
import { extractSubmission } from "./extract.js";

/** Told how many octets of ciphertext have been read since it was last told. */
export type OnRead = (octets: number) => void;

/** A way to decrypt. */
export interface Opener {
  /** How many files it works on at one time. */
  readonly parallel: number;
  /**
   * Unpacks the submission in `file` into `folder`, which must be empty and private. What is there when this rejects was never
   * authenticated and must be thrown away.
   */
  readonly open: (file: string, folder: string, onRead?: OnRead) => Promise<CaseRecord>;
  readonly close: () => Promise<void>;
}

const READ_BLOCK = 1024 * 1024;
/** Octets of a file that is decrypted in memory, and what its contents may grow to there. */
const SHORT = 4 * 1024 * 1024;
const SHORT_CONTENTS = 32 * 1024 * 1024;

/** Decrypts in this very thread, with any of `keys`. */
export function keyOpener(keys: readonly PrivateKey[]): Opener {
  return {
    parallel: 1,
    open: async (file, folder, onRead) => {
      const short = await openShort(file, keys);
      if (short === null) {
        return extractSubmission(await decryptMessage(read(file, onRead), keys, ARCHIVE_LIMITS.bytes), folder);
      }
      onRead?.(short.read);
      return extractSubmission(new Blob([short.archive]).stream(), folder);
    },
    close: async () => {},
  };
}

/** What most submissions are: short enough to be opened without streams, which would cost more than the decrypting. */
async function openShort(file: string, keys: readonly PrivateKey[]) {
  if ((await stat(file)).size > SHORT) return null;
  const message = await readFile(file);
  const archive = await decryptShortMessage(message, keys, SHORT_CONTENTS);
  return archive === null ? null : { archive: new Uint8Array(archive), read: message.length };
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
