import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, randomHex, startOfDay } from "../core/index.js";
import { isSubmissionId, type Store, type StoredSubmission, StoreError } from "./store.js";

const SUFFIX = ".tar.gpg";
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const READ_BLOCK = 256 * 1024;
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** A store in a folder, and the folder beside it for what is not whole yet. */
export interface FileStore extends Store {
  /** Holds only encrypted or already unlinked files; swept when the store is opened. */
  readonly incoming: string;
}

/**
 * Opens the store in `folder`, making it if need be, and sweeps away what an interrupted process left unfinished.
 * One process at a time may have a folder open.
 * @param now for the day that is written on files
 * @throws StoreError
 */
export async function openFileStore(folder: string, now: () => Date = () => new Date()): Promise<FileStore> {
  const submissions = join(folder, "submissions");
  const incoming = join(folder, "incoming");
  try {
    for (const path of [folder, submissions, incoming]) await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    for (const leftover of await readdir(incoming)) await rm(join(incoming, leftover), { recursive: true });
    await syncFolder(folder);
  } catch (cause) {
    throw explain(cause);
  }
  return new FolderStore(submissions, incoming, now);
}

class FolderStore implements FileStore {
  readonly #submissions: string;
  readonly #now: () => Date;
  readonly incoming: string;

  constructor(submissions: string, incoming: string, now: () => Date) {
    this.#submissions = submissions;
    this.incoming = incoming;
    this.#now = now;
  }

  async put(ciphertext: ReadableStream<Uint8Array>): Promise<StoredSubmission> {
    const id = randomHex(16);
    const unfinished = join(this.incoming, id + SUFFIX);
    const midnight = startOfDay(this.#now());
    try {
      const file = await open(unfinished, "wx", FILE_MODE).catch(cancelling(ciphertext));
      let bytes = 0;
      try {
        for await (const chunk of ciphertext) bytes += await writeAll(file, chunk);
        // The times are set before the file is in its place, so that no other is ever seen there.
        await file.utimes(midnight, midnight);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, this.#path(id));
      await syncFolder(this.#submissions);
      await Promise.all([this.#submissions, this.incoming].map((path) => utimes(path, midnight, midnight)));
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      await Promise.all([unfinished, this.#path(id)].map((path) => rm(path, { force: true }).catch(() => undefined)));
      await utimes(this.incoming, midnight, midnight).catch(() => undefined);
      throw explain(cause);
    }
  }

  async get(id: string): Promise<ReadableStream<Uint8Array>> {
    const file = await this.#known(id, (path) => open(path, "r"));
    return new ReadableStream(
      {
        async pull(controller) {
          const { bytesRead, buffer } = await file.read(new Uint8Array(READ_BLOCK), 0, READ_BLOCK, null);
          if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
          await file.close();
          controller.close();
        },
        cancel: () => file.close(),
      },
      { highWaterMark: 0 },
    );
  }

  async *list(): AsyncIterable<StoredSubmission> {
    const found: StoredSubmission[] = [];
    for (const name of await readdir(this.#submissions)) {
      const id = name.slice(0, -SUFFIX.length);
      if (!name.endsWith(SUFFIX) || !isSubmissionId(id)) continue;
      const { size, mtime } = await stat(this.#path(id));
      found.push({ id, bytes: size, day: dayOf(mtime) });
    }
    yield* found.sort((left, right) => left.day.localeCompare(right.day) || left.id.localeCompare(right.id));
  }

  async remove(id: string): Promise<void> {
    await this.#known(id, unlink);
    await syncFolder(this.#submissions);
    const midnight = startOfDay(this.#now());
    await utimes(this.#submissions, midnight, midnight);
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#submissions).catch((cause: unknown) => {
      throw explain(cause);
    });
    return bavail * bsize;
  }

  async #known<Result>(id: string, act: (path: string) => Promise<Result>): Promise<Result> {
    if (!isSubmissionId(id)) throw new StoreError("not_found", "no submission has this id");
    return act(this.#path(id)).catch((cause: unknown) => {
      throw isErrno(cause, "ENOENT")
        ? new StoreError("not_found", "no submission has this id", { cause })
        : explain(cause);
    });
  }

  #path(id: string): string {
    return join(this.#submissions, id + SUFFIX);
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<number> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
  }
  return chunk.length;
}

/** A rename lasts only when the folder's own entry is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Lets whoever makes `stream` know that nobody will read it. */
function cancelling(stream: ReadableStream<Uint8Array>): (cause: unknown) => Promise<never> {
  return async (cause) => {
    await stream.cancel(cause).catch(() => undefined);
    throw cause;
  };
}

function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("syscall" in cause) || !("code" in cause)) return cause;
  return OUT_OF_SPACE.has(String(cause.code))
    ? new StoreError("no_space", "the store's disk is full", { cause })
    : new StoreError("io", "the store's disk failed", { cause });
}

function isErrno(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}
