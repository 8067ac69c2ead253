import { createReadStream, readFileSync, statSync } from "node:fs";
import { Readable, Transform } from "node:stream";
import type { PrivateKey } from "openpgp";
import type { CaseRecord } from "../cases/index.js";
import { ARCHIVE_LIMITS, decryptMessage, decryptShortMessage } from "../core/index.js";
import { atMost } from "./at-most.js";
import type { CaseWriter } from "./case-writer.js";
import { extractSubmission, extractWhole, fillCase } from "./extract.js";
import { decryptQuickly } from "./quick-decryption.js";
import { type QuickKey, quickKeys } from "./quick-key.js";
import type { Source } from "./source.js";

/** Told how many octets of ciphertext have been read since it was last told. */
export type OnRead = (octets: number) => void;

/** A way to decrypt. */
export interface Opener {
  /** How many files may be given to it at one time. */
  readonly parallel: number;
  /**
   * Unpacks the submission in `file` into `folder`, which must be empty and private, with a note of its `source`. When this resolves,
   * all of it is authenticated and on the disk. What is there when this rejects was never authenticated and must be thrown away.
   */
  readonly open: (file: string, folder: string, source: Source, onRead?: OnRead) => Promise<CaseRecord>;
  readonly close: () => Promise<void>;
}

const READ_BLOCK = 1024 * 1024;
/** Octets of a file that is decrypted in memory, and what its contents may grow to there. */
export const SHORT = 4 * 1024 * 1024;
const SHORT_CONTENTS = 32 * 1024 * 1024;
/** Files that are on their way to the disk while another is decrypted. */
const BESIDE = 8;

/** Decrypts in this very thread, with any of `keys`: one file after the other, while those before are written to the disk. */
export function keyOpener(keys: readonly PrivateKey[]): Opener {
  const inTurn = atMost(1);
  const quick = quickKeys(keys);
  return {
    parallel: BESIDE,
    open: (file, folder, source, onRead) =>
      fillCase(folder, source, (into) => inTurn(async () => unpack(file, keys, await quick, into, onRead))),
    close: async () => {},
  };
}

async function unpack(
  file: string,
  keys: readonly PrivateKey[],
  quick: readonly QuickKey[],
  into: CaseWriter,
  onRead: OnRead | undefined,
): Promise<CaseRecord> {
  if (statSync(file).size <= SHORT) {
    // What most submissions are: short enough to be opened without streams, which would cost more than the decrypting.
    const message = readFileSync(file);
    const archive = decryptQuickly(message, quick) ?? (await decryptShortMessage(message, keys, SHORT_CONTENTS));
    if (archive !== null) {
      onRead?.(message.length);
      return extractWhole(archive, into);
    }
  }
  return extractSubmission(await decryptMessage(read(file, onRead), keys, ARCHIVE_LIMITS.bytes), into);
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
