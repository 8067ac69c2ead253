import {
  closeSync,
  createReadStream,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { syncFolder } from "../../files/index.js";
import { REPORT_BYTES } from "./open-report.js";
import { writeFault } from "./outcome.js";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Descriptors of files waiting for fsync: an archive may hold a thousand files, more than a process may have open. */
const MAX_OPEN_FILES = 16;
/** A long file is synced in portions, so that its last sync is not the first that waits for the disk. */
const SYNC_BYTES = 64 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
const fsyncAsync = promisify(fsync);

/**
 * Writes the files of one case into its private folder. Short files are written by synchronous calls, several times as
 * fast in a thread that does nothing else. All of them are synced together in {@link sync}.
 */
export class CaseWriter {
  readonly #folder: string;
  readonly #folders: string[];
  readonly #onWritten: (bytes: number) => void;
  #unreported = 0;
  /** Descriptors of files that are written and not yet synced. */
  readonly #unsynced: number[] = [];

  /**
   * @param folder which must be empty and private
   * @param onWritten called when another portion of a long file is on the disk
   */
  constructor(folder: string, onWritten: (bytes: number) => void = () => undefined) {
    this.#folder = folder;
    this.#onWritten = onWritten;
    this.#folders = [folder];
  }

  /** Does nothing if the folder exists. */
  makeFolder(name: string): void {
    const folder = join(this.#folder, name);
    if (this.#folders.includes(folder)) return;
    writing(() => mkdirSync(folder, { mode: FOLDER_MODE }));
    this.#folders.push(folder);
  }

  write(path: string, contents: Uint8Array): void {
    writing(() => {
      if (this.#unsynced.length === MAX_OPEN_FILES) this.#syncOldest();
      const descriptor = openSync(join(this.#folder, path), "wx", FILE_MODE);
      this.#unsynced.push(descriptor);
      for (let written = 0; written < contents.length; ) written += writeSync(descriptor, contents, written);
    });
  }

  /** Returns how many bytes it wrote. */
  async writeFrom(path: string, body: ReadableStream<Uint8Array>): Promise<number> {
    const file = await open(join(this.#folder, path), "wx", FILE_MODE).catch(cannotWrite);
    try {
      let all = 0;
      let unsynced = 0;
      let syncing: Promise<void> | null = null;
      for await (const chunk of body) {
        for (let written = 0; written < chunk.length; ) {
          const done = await file.write(chunk, written, chunk.length - written, null).catch(cannotWrite);
          written += done.bytesWritten;
        }
        all += chunk.length;
        unsynced += chunk.length;
        if (unsynced < SYNC_BYTES) continue;
        await syncing;
        const portion = unsynced;
        syncing = file.datasync().then(() => this.#report(portion), cannotWrite);
        // Awaited with the next portion, or at the end.
        syncing.catch(() => undefined);
        unsynced = 0;
      }
      await syncing;
      await file.sync().catch(cannotWrite);
      this.#report(unsynced);
      return all;
    } finally {
      await file.close();
    }
  }

  /** What has been written to `path`. */
  read(path: string): ReadableStream<Uint8Array> {
    const file = createReadStream(join(this.#folder, path), { highWaterMark: READ_BYTES });
    return Readable.toWeb(file) as ReadableStream<Uint8Array>;
  }

  /** Returns the size of the file, bytes. */
  rename(from: string, to: string): number {
    const target = join(this.#folder, to);
    writing(() => renameSync(join(this.#folder, from), target));
    return statSync(target).size;
  }

  remove(path: string): void {
    writing(() => rmSync(join(this.#folder, path)));
  }

  /** Removes `path` if it is there. */
  discard(path: string): void {
    writing(() => rmSync(join(this.#folder, path), { force: true }));
  }

  removeFolder(name: string): void {
    const folder = join(this.#folder, name);
    writing(() => rmSync(folder, { recursive: true }));
    this.#folders.splice(this.#folders.indexOf(folder), 1);
  }

  /** Resolves once everything is on disk. */
  async sync(): Promise<void> {
    // In parallel, so that the file system journals them together.
    await Promise.all(this.#unsynced.map((descriptor) => fsyncAsync(descriptor))).catch(cannotWrite);
    this.close();
    await Promise.all(this.#folders.map((folder) => syncFolder(folder))).catch(cannotWrite);
  }

  /** Closes what is not synced and will be deleted. */
  close(): void {
    for (const descriptor of this.#unsynced.splice(0)) closeSync(descriptor);
  }

  /** Short files are reported together. */
  #report(bytes: number): void {
    this.#unreported += bytes;
    if (this.#unreported < REPORT_BYTES) return;
    this.#onWritten(this.#unreported);
    this.#unreported = 0;
  }

  #syncOldest(): void {
    const descriptor = this.#unsynced.shift();
    if (descriptor === undefined) return;
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

function writing(work: () => void): void {
  try {
    work();
  } catch (cause) {
    cannotWrite(cause);
  }
}

/** @throws OpenError `no_space` or `cannot_write` */
function cannotWrite(cause: unknown): never {
  throw writeFault(cause);
}
