import { type FileHandle, open } from "node:fs/promises";
import { writeChunks } from "./batching-writer.js";
import { byteReader, writeBytes } from "./byte-stream-writer.js";
import { isSubmissionId, StoreError } from "./store.js";

export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
const READ_BLOCK = 256 * 1024;
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Writes `stream` to a new file at `path`, syncs it, and returns how many bytes there were. The file's times are `midnight`,
 * set before it can be in its place, so that no other is ever seen there. What has been written stays if the stream fails.
 * @param onChunk told of each chunk before it is written
 */
export async function writeStream(
  path: string,
  stream: ReadableStream<Uint8Array>,
  midnight: Date,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const file = await open(path, "wx", FILE_MODE).catch(cancelling(stream));
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

/** Lets whoever makes `stream` know that nobody will read it, and throws `cause`. */
export function cancelling(stream: ReadableStream<Uint8Array>): (cause: unknown) => Promise<never> {
  return async (cause) => {
    await stream.cancel(cause).catch(() => undefined);
    throw cause;
  };
}

/** What is in `file` from the byte `from` to the one before `to`, as it is read; closes it at the end, or when nobody wants more. */
export function readAll(
  file: FileHandle,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = from;
  return new ReadableStream(
    {
      async pull(controller) {
        const length = Math.min(READ_BLOCK, to - position);
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

/**
 * A rename lasts only when the folder's own entry is on the disk.
 * @param midnight to be the folder's time, unless it is to stay as it is
 */
export async function syncFolder(folder: string, midnight?: Date): Promise<void> {
  const handle = await open(folder, "r");
  try {
    if (midnight !== undefined) await handle.utimes(midnight, midnight);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Runs `act` on what an id names; a missing file is a missing id. @throws StoreError */
export async function onKnown<Result>(
  id: string,
  path: string,
  act: (path: string) => Promise<Result>,
): Promise<Result> {
  if (!isSubmissionId(id)) throw new StoreError("not_found", "there is nothing under this id");
  return act(path).catch((cause: unknown) => {
    throw isMissing(cause) ? new StoreError("not_found", "there is nothing under this id", { cause }) : explain(cause);
  });
}

export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

/** Gives an error of the file system a code of ours; others pass unchanged. */
export function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("syscall" in cause) || !("code" in cause)) return cause;
  return OUT_OF_SPACE.has(String(cause.code))
    ? new StoreError("no_space", "the store's disk is full", { cause })
    : new StoreError("io", "the store's disk failed", { cause });
}
