import { type FileHandle, mkdir, open } from "node:fs/promises";
import { isMissing } from "../files/index.js";
import { writeChunks } from "./batching-writer.js";
import { byteReader, writeBytes } from "./byte-stream-writer.js";
import { explainNoAccess } from "./no-access.js";
import { notFound } from "./not-found.js";
import { isSubmissionId, StoreError } from "./store.js";

export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
/** Prefix of files that are still being written beside complete ones. */
export const UNFINISHED = ".unfinished-";
const READ_BYTES = 256 * 1024;
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Writes `stream` to a new file at `path`, syncs it, and returns the number of bytes. The file's times are set to
 * `midnight` before the caller can rename it, so that nobody sees others. If the stream fails, what was written stays.
 * @param onChunk called with each chunk before it is written
 */
export async function writeStream(
  path: string,
  stream: ReadableStream<Uint8Array>,
  midnight: Date,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const file = await open(path, "wx", FILE_MODE).catch(cancelAndThrow(stream));
  let bytes = 0;
  try {
    const reader = byteReader(stream);
    bytes = await (reader === null ? writeChunks(file, stream, onChunk) : writeBytes(file, reader, onChunk));
    await file.utimes(midnight, midnight);
    await file.sync();
  } finally {
    await file.close();
  }
  return bytes;
}

/** For `catch`: cancels `stream`, which nobody will read, and throws `cause`. */
export function cancelAndThrow(stream: ReadableStream<Uint8Array>): (cause: unknown) => Promise<never> {
  return async (cause) => {
    await stream.cancel(cause).catch(() => undefined);
    throw cause;
  };
}

/** The bytes of `file` from `from` up to, not including, `to`. Closes the file at the end, or when cancelled. */
export function readAll(
  file: FileHandle,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = from;
  return new ReadableStream(
    {
      async pull(controller) {
        const length = Math.min(READ_BYTES, to - position);
        const { bytesRead, buffer } =
          length > 0 ? await file.read(new Uint8Array(length), 0, length, position) : { bytesRead: 0, buffer: null };
        position += bytesRead;
        if (buffer !== null && bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
        await file.close();
        controller.close();
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}

/** Runs `act` on the file of an id. @throws StoreError, `not_found` for a malformed id or a missing file */
export async function orNotFound<Result>(
  id: string,
  path: string,
  act: (path: string) => Promise<Result>,
): Promise<Result> {
  if (!isSubmissionId(id)) throw notFound();
  return act(path).catch((cause: unknown) => {
    throw isMissing(cause) ? notFound(cause) : toStoreError(cause);
  });
}

/** Makes a folder of the store, unless it is there. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: FOLDER_MODE }).catch((cause: unknown) => {
    if (!isTaken(cause)) throw cause;
  });
}

/** Whether a file system call failed because the name is taken (EEXIST). */
export function isTaken(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "EEXIST";
}

/** Turns an error of the file system into a StoreError; any other passes unchanged. */
export function toStoreError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("syscall" in cause) || !("code" in cause)) return cause;
  if (OUT_OF_SPACE.has(String(cause.code))) return new StoreError("no_space", "the store's disk is full", { cause });
  if (cause.code === "EROFS") return new StoreError("io", "the store's disk is mounted read-only", { cause });
  return new StoreError("io", explainNoAccess(cause) ?? "the store's disk failed", { cause });
}

/** For `catch`. @throws what {@link toStoreError} returns */
export function throwStoreError(cause: unknown): never {
  throw toStoreError(cause);
}
