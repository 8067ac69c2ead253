import { readFileSync, statSync } from "node:fs";
import type { CaseRecord } from "../../cases/index.js";
import { LAYOUT_HEAD_BYTES, layoutOf } from "../../core/index.js";
import { type DecryptionKey, tryDecrypt } from "../../native/decrypt/index.js";
import { concurrencyLimit } from "../../streams/index.js";
import { CaseWriter } from "./case-writer.js";
import { type Extracted, extractWhole, fillCase } from "./extract.js";
import { inOrderOf } from "./key-order.js";
import type { Source } from "./source.js";

/** Receives the number of bytes of ciphertext read since the last call. */
export type OnRead = (bytes: number) => void;

/** A way to decrypt. */
export interface Opener {
  /** How many files may be opened at a time. */
  readonly maxConcurrent: number;
  /**
   * Unpacks the submission in `file` into `folder`, which must be empty and private, with a note of its `source`. Once
   * this resolves, the contents are authenticated and synced to disk. If it rejects, delete the folder: its contents
   * may be unauthenticated.
   */
  readonly open: (file: string, folder: string, source: Source, onRead?: OnRead) => Promise<CaseRecord>;
  readonly close: () => Promise<void>;
}

/** Writes the contents of `file`, which are unauthenticated until this resolves. */
export type Unpack = (file: string, into: CaseWriter, onRead: OnRead | undefined) => Promise<Extracted>;

/** Receives the number of bytes of plaintext that reached the disk since the last call, at least a MiB. */
export type OnWritten = (bytes: number) => void;

/**
 * How long nothing may progress. 64 MiB reach the slowest disk in less, and a person finds and unlocks a smart card.
 */
export const STALL_TIMEOUT_MS = 10 * 60_000;
/** The largest file that is decrypted in memory. */
export const MAX_IN_MEMORY_BYTES = 4 * 1024 * 1024;
/** Files per thread: one is being decrypted, the others are being synced or wait. */
export const MAX_PER_THREAD = 8;

/**
 * Decrypts in the calling thread, one file at a time, while earlier files are synced to disk. `unpack` handles the
 * messages that node:crypto alone does not decrypt.
 */
export function inThisThread(
  keys: Promise<readonly DecryptionKey[]>,
  unpack: Unpack,
): (...request: [...Parameters<Opener["open"]>, onWritten?: OnWritten]) => Promise<CaseRecord> {
  const oneAtATime = concurrencyLimit(1);
  let inUse: DecryptionKey[] | undefined;
  return (file, folder, source, onRead, onWritten) =>
    fillCase(new CaseWriter(folder, onWritten), file, source, (into) =>
      oneAtATime(async () => {
        inUse ??= [...(await keys)];
        return tryUnpack(file, inUse, into, onRead) ?? unpack(file, into, onRead);
      }),
    );
}

/** @param keys the one that opened the last file becomes the first: files of one month come together */
function tryUnpack(
  file: string,
  keys: DecryptionKey[],
  into: CaseWriter,
  onRead: OnRead | undefined,
): Extracted | null {
  if (keys.length === 0) return null;
  const { size, mtimeMs } = statSync(file);
  if (size > MAX_IN_MEMORY_BYTES) return null;
  const message = readFileSync(file);
  const [last, ...others] = keys;
  const ordered = [...(last === undefined ? [] : [last]), ...inOrderOf(others, ({ createdMs }) => createdMs, mtimeMs)];
  const archive = tryDecrypt(message, ordered, (key) => {
    keys.splice(keys.indexOf(key), 1);
    keys.unshift(key);
  });
  // Only openpgp.js tells what a message says of contents that are not ours.
  if (archive === null || layoutOf(archive.subarray(0, LAYOUT_HEAD_BYTES)) !== "form") return null;
  onRead?.(message.length);
  return extractWhole(archive, into);
}
