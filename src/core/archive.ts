import { createTarPacker } from "modern-tar";
import { Fault } from "./fault.js";
import { PADDING_NAME, paddedArchiveSize } from "./padding.js";

const BLOCK_BYTES = 512;
/** Two zero blocks end an archive (POSIX.1-1988 ustar). */
const END_MARK_BYTES = 2 * BLOCK_BYTES;
/** A ustar header holds a size in eleven octal digits. */
const MAX_FILE_BYTES = 8 ** 11 - 1;
const ZEROS = new Uint8Array(64 * 1024);
const EPOCH = new Date(0);
const ENOUGH = "the header is written";

/**
 * One file to archive. `open` is called once, when its turn comes, and must yield exactly `size` bytes. It may reuse a
 * chunk's memory once the next chunk has been asked for.
 */
export interface ArchiveFile {
  /** Path below the archive's root folder, `/`-separated. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface Archive {
  /** Bytes of the whole archive: a Padmé size, at least 64 KiB. */
  readonly size: number;
  readonly stream: ReadableStream<Uint8Array>;
}

export class ArchiveWriteError extends Fault<"file_too_large" | "size_changed" | "read_failed"> {}

/**
 * A plain ustar archive: one `root` folder, its `folders`, the `files` in the given order, and last a `padding` file of
 * zeros up to the Padmé size. It does not say who made it or when.
 *
 * The stream has backpressure, and passes on the files' chunks without copying them.
 * @throws ArchiveWriteError `file_too_large` at once; `size_changed` or `read_failed` through the stream
 */
export function createArchive(root: string, folders: readonly string[], files: readonly ArchiveFile[]): Archive {
  const bare = bareSize(folders, files);
  const size = paddedArchiveSize(bare);
  const padding: ArchiveFile = { name: PADDING_NAME, size: size - bare, open: () => zeros(size - bare) };

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const folder of ["", ...folders]) {
      yield await headerOf({ name: `${root}/${folder === "" ? "" : `${folder}/`}`, size: 0 }, "directory");
    }
    for (const file of [...files, padding]) {
      yield await headerOf({ name: `${root}/${file.name}`, size: file.size }, "file");
      yield* contentsOf(file);
      const over = file.size % BLOCK_BYTES;
      if (over > 0) yield ZEROS.subarray(0, BLOCK_BYTES - over);
    }
    yield ZEROS.subarray(0, END_MARK_BYTES);
  }
  return { size, stream: streamFrom(chunks()) };
}

/**
 * Bytes of the whole archive that {@link createArchive} would make.
 * @throws ArchiveWriteError `file_too_large`
 */
export function archiveSize(folders: readonly string[], files: readonly ArchiveFile[]): number {
  return paddedArchiveSize(bareSize(folders, files));
}

/** Bytes of the archive with an empty padding file. */
function bareSize(folders: readonly string[], files: readonly ArchiveFile[]): number {
  let bare = BLOCK_BYTES * (1 + folders.length) + BLOCK_BYTES + END_MARK_BYTES;
  for (const file of files) {
    if (!Number.isSafeInteger(file.size) || file.size < 0 || file.size > MAX_FILE_BYTES) {
      throw new ArchiveWriteError("file_too_large", `a file of ${file.size} bytes does not fit in a ustar archive`);
    }
    bare += BLOCK_BYTES + Math.ceil(file.size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return bare;
}

/** Only headers go through the library, which would buffer megabytes of contents. */
async function headerOf(entry: { name: string; size: number }, type: "directory" | "file"): Promise<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const mode = type === "directory" ? 0o700 : 0o600;
  // The entry never gets contents: aborting it must not show as an unhandled rejection.
  const contents = controller.add({ ...entry, type, mode, mtime: EPOCH, uid: 0, gid: 0 });
  const reader = readable.getReader();
  const { value } = await reader.read();
  // With a reason of ours, none is made for each header.
  await Promise.all([reader.cancel(ENOUGH), contents.abort(ENOUGH)].map((end) => end.catch(() => undefined)));
  if (value?.length !== BLOCK_BYTES)
    throw new ArchiveWriteError("read_failed", "the header of an entry was not written");
  return value;
}

/** A file's bytes. Fails unless there are exactly as many as its header, already written, says. */
async function* contentsOf({ size, open }: ArchiveFile): AsyncGenerator<Uint8Array, void, undefined> {
  const failed = (cause: unknown): never => {
    throw new ArchiveWriteError("read_failed", "a file could not be read into the archive", { cause });
  };
  const reader = await Promise.resolve()
    .then(() => open().getReader())
    .catch(failed);
  const read = () => reader.read().catch(failed);
  let seen = 0;
  let whole = false;
  const mismatch = () => new ArchiveWriteError("size_changed", `expected ${size} bytes, got ${seen}`);
  try {
    for (let next = await read(); !next.done; next = await read()) {
      seen += next.value.length;
      if (seen > size) throw mismatch();
      yield next.value;
    }
    if (seen !== size) throw mismatch();
    whole = true;
  } finally {
    if (!whole) await reader.cancel().catch(() => undefined);
  }
}

/** Reads `chunks` only on demand. */
function streamFrom(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

function zeros(length: number): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream(
    {
      pull(controller) {
        const block = ZEROS.subarray(0, Math.min(left, ZEROS.length));
        left -= block.length;
        if (block.length > 0) controller.enqueue(block);
        if (left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
