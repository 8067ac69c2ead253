import { readFileSync, statSync } from "node:fs";
import type { CaseRecord } from "../../cases/index.js";
import { type DecryptionKey, tryDecrypt } from "../../native/decrypt/index.js";
import type { CaseWriter } from "./case-writer.js";
import { type Extracted, extractWhole, fillCase } from "./extract.js";
import { atMost } from "./limit.js";
import type { Source } from "./source.js";

/** Told how many bytes of ciphertext have been read since it was last told. */
export type OnRead = (bytes: number) => void;

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

/** Writes what is in `file`, unauthenticated until this resolves. */
export type Unpack = (file: string, into: CaseWriter, onRead: OnRead | undefined) => Promise<Extracted>;

/** Bytes of a file that is decrypted in memory. */
export const SHORT = 4 * 1024 * 1024;
/** Files that one thread has at one time: one is decrypted, and the others are on their way to the disk or wait. */
export const BESIDE = 8;

/**
 * Decrypts in this very thread, one file after the other, while those before are written to the disk: quickly what can be, and
 * the rest by `unpack`.
 */
export function inThisThread(quick: Promise<readonly DecryptionKey[]>, unpack: Unpack): Opener["open"] {
  const inTurn = atMost(1);
  return (file, folder, source, onRead) =>
    fillCase(folder, source, (into) =>
      inTurn(async () => unpackQuickly(file, await quick, into, onRead) ?? unpack(file, into, onRead)),
    );
}

function unpackQuickly(
  file: string,
  keys: readonly DecryptionKey[],
  into: CaseWriter,
  onRead: OnRead | undefined,
): Extracted | null {
  if (keys.length === 0 || statSync(file).size > SHORT) return null;
  const message = readFileSync(file);
  const archive = tryDecrypt(message, keys);
  if (archive === null) return null;
  onRead?.(message.length);
  return extractWhole(archive, into);
}
