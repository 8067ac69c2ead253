import { createTarPacker } from "modern-tar";
import { Fault } from "./fault.js";
import { PADDING_NAME, paddedArchiveSize } from "./padding.js";

const BLOCK = 512;
/** Two zero blocks end an archive (POSIX.1-1988 ustar). */
const END_OF_ARCHIVE = 2 * BLOCK;
/** The largest size that the eleven octal digits of a ustar header can say. */
const LARGEST_FILE = 8 ** 11 - 1;
const ZEROS = new Uint8Array(64 * 1024);
const EPOCH = new Date(0);

/** One file to be archived. `open` is called once, when its turn comes, and must yield exactly `size` octets. */
export interface ArchiveFile {
  /** Path below the archive's root folder, `/`-separated. */
  readonly name: string;
  /** Octets. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface Archive {
  /** Octets of the whole archive: a Padmé size, at least 64 KiB. */
  readonly size: number;
  readonly stream: ReadableStream<Uint8Array>;
}

export class ArchiveWriteError extends Fault<"file_too_large" | "size_changed" | "read_failed"> {}

/**
 * A plain ustar archive: one `root` folder, its `folders`, the `files` in the order given, and last a `padding` file of
 * zeros that brings the whole to its Padmé size. Nothing in it tells who made it or when.
 *
 * The stream reads each file only as fast as it is itself read.
 * @throws ArchiveWriteError `file_too_large` at once; `size_changed` or `read_failed` through the stream
 */
export function createArchive(root: string, folders: readonly string[], files: readonly ArchiveFile[]): Archive {
  const bare = bareSize(folders, files);
  const size = paddedArchiveSize(bare);
  const padding: ArchiveFile = { name: PADDING_NAME, size: size - bare, open: () => zeros(size - bare) };

  const { readable, controller } = createTarPacker();
  const write = async (): Promise<void> => {
    for (const folder of ["", ...folders]) {
      const path = folder === "" ? `${root}/` : `${root}/${folder}/`;
      await controller
        .add({ name: path, size: 0, type: "directory", mode: 0o700, mtime: EPOCH, uid: 0, gid: 0 })
        .close();
    }
    for (const file of [...files, padding]) {
      const entry = controller.add({
        name: `${root}/${file.name}`,
        size: file.size,
        type: "file",
        mode: 0o600,
        mtime: EPOCH,
        uid: 0,
        gid: 0,
      });
      // An abort would end the archive with the file's own error, before it has got a code of ours below.
      await file.open().pipeThrough(exactly(file.size)).pipeTo(entry, { preventAbort: true });
    }
    controller.finalize();
  };
  write().catch((cause: unknown) => {
    controller.error(
      cause instanceof ArchiveWriteError
        ? cause
        : new ArchiveWriteError("read_failed", "a file could not be read into the archive", { cause }),
    );
  });
  return { size, stream: readable };
}

/**
 * Octets of the whole archive that {@link createArchive} would make.
 * @throws ArchiveWriteError `file_too_large`
 */
export function archiveSize(folders: readonly string[], files: readonly ArchiveFile[]): number {
  return paddedArchiveSize(bareSize(folders, files));
}

/** Octets with an empty padding. */
function bareSize(folders: readonly string[], files: readonly ArchiveFile[]): number {
  let bare = BLOCK * (1 + folders.length) + BLOCK + END_OF_ARCHIVE;
  for (const file of files) {
    if (!Number.isSafeInteger(file.size) || file.size < 0 || file.size > LARGEST_FILE) {
      throw new ArchiveWriteError("file_too_large", `a file of ${file.size} octets does not fit in a ustar archive`);
    }
    bare += BLOCK + Math.ceil(file.size / BLOCK) * BLOCK;
  }
  return bare;
}

/** Passes octets through and fails unless there are exactly `size` of them: the header has already promised that. */
function exactly(size: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  const mismatch = () => new ArchiveWriteError("size_changed", `expected ${size} octets, got ${seen}`);
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.length;
      if (seen > size) throw mismatch();
      controller.enqueue(chunk);
    },
    flush() {
      if (seen !== size) throw mismatch();
    },
  });
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
