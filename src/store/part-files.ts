import { constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { startOfDay } from "../core/index.js";
import { AppendLock } from "./append-lock.js";
import { writeChunks } from "./batching-writer.js";
import { FILE_MODE, orNotFound, readAll, toStoreError } from "./disk.js";
import type { FolderSync } from "./folder-sync.js";
import { notFound } from "./not-found.js";
import { OpenFiles } from "./open-files.js";
import { partName, readPartName } from "./part-name.js";

/** For a file that exists. */
const APPEND = constants.O_WRONLY | constants.O_APPEND;
/** From this size on, an appended piece is synced while more arrive. */
const EARLY_SYNC_BYTES = 4 * 1024 * 1024;
const DONE = Promise.resolve();

/** How far an upload has come. */
export interface PartState {
  readonly offset: number;
  readonly size: number | null;
  /** The day of the last append. */
  readonly day: Date;
}

/** A part as this process knows it. */
interface Part {
  size: number | null;
  /** As last seen on disk, or null if it has to be looked up. */
  seen: { readonly offset: number; readonly day: Date } | null;
  /** The file's time, if this process has set it since the last write. */
  stamped: Date | null;
  /** Sync of an earlier piece while more arrive. */
  syncing: Promise<void>;
}

/**
 * Uploads in progress, each in a file `<id>.part`, or `<id>.<size>.part` once the size is known. Only complete uploads
 * are synced: the others survive a killed process, not a power failure. All methods but `begin` throw StoreError
 * `not_found` for an unknown id.
 */
export class PartFiles {
  readonly #folder: string;
  readonly #folderSync: FolderSync;
  readonly #now: () => Date;
  readonly #parts: Map<string, Part>;
  /** Files of uploads that have just begun, or are complete. */
  readonly #openFiles: OpenFiles;
  readonly #appends = new AppendLock();
  /** Whether an early sync is running. One at a time, since it occupies a thread that letters need. */
  #syncingEarly = false;

  /** @param names of the files that an earlier process left in the folder */
  constructor(folder: string, names: readonly string[], folderSync: FolderSync, now: () => Date) {
    this.#folder = folder;
    this.#folderSync = folderSync;
    this.#now = now;
    this.#parts = new Map(
      names.flatMap((name): [string, Part][] => {
        const found = readPartName(name);
        return found === null ? [] : [[found.id, { size: found.size, seen: null, stamped: null, syncing: DONE }]];
      }),
    );
    this.#openFiles = new OpenFiles(async (file) => {
      await Promise.all([this.#truncateTime(file), this.#folderSync.truncateTime()]);
      await file.close();
    });
  }

  async begin(id: string, size: number | null): Promise<void> {
    const part = { size, seen: { offset: 0, day: startOfDay(this.#now()) }, stamped: null, syncing: DONE };
    try {
      const file = await open(this.#path(id, part), "ax", FILE_MODE);
      this.#parts.set(id, part);
      // The first append sets the times of file and folder; without one, they are set when the idle file is closed.
      this.#openFiles.put(id, file);
    } catch (cause) {
      await this.discard(id);
      throw toStoreError(cause);
    }
  }

  /** Null for an unknown id. */
  async state(id: string): Promise<PartState | null> {
    await this.#appends.settled(id);
    const part = this.#parts.get(id);
    return part === undefined ? null : { size: part.size, ...(await this.#see(id, part)) };
  }

  async declareSize(id: string, size: number): Promise<void> {
    const part = this.#known(id);
    const before = this.#path(id, part);
    await orNotFound(id, before, (path) => rename(path, this.#path(id, { size })));
    part.size = size;
    await this.#folderSync.truncateTime();
  }

  append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#appends.run(id, () => this.#append(id, pieces));
  }

  async #append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    const part = this.#known(id);
    const { offset } = await this.#see(id, part);
    const idle = this.#openFiles.take(id);
    const file = idle ?? (await orNotFound(id, this.#path(id, part), (path) => open(path, APPEND)));
    const day = startOfDay(this.#now());
    let end: number | null = null;
    try {
      end = offset + (await writeChunks(file, pieces));
      return end;
    } catch (cause) {
      throw toStoreError(cause);
    } finally {
      part.seen = end === null ? null : { offset: end, day };
      part.stamped = null;
      if (end !== null && end === part.size) this.#openFiles.put(id, file);
      else {
        part.stamped = await this.#truncateTime(file);
        if (idle !== null) await this.#folderSync.truncateTime();
        if (end !== null && end - offset >= EARLY_SYNC_BYTES && !this.#syncingEarly) this.#syncEarly(id, part, file);
        else await file.close();
      }
    }
  }

  /** Leaves less to sync at the end. A part that the disk failed to store is removed. */
  #syncEarly(id: string, part: Part, file: FileHandle): void {
    this.#syncingEarly = true;
    part.syncing = file.datasync().catch((cause: unknown) => {
      // The system reports an error to one sync only, so a later sync would succeed.
      this.#parts.delete(id);
      throw toStoreError(cause);
    });
    part.syncing
      .catch(() => rm(this.#path(id, part), { force: true }))
      .catch(() => undefined)
      .then(() => file.close())
      .catch(() => undefined)
      .then(() => {
        this.#syncingEarly = false;
      });
  }

  async read(id: string, from: number): Promise<ReadableStream<Uint8Array>> {
    const path = this.#path(id, this.#known(id));
    return readAll(await orNotFound(id, path, () => open(path, "r")), from);
  }

  /** Syncs the file and sets its time to `midnight`. */
  async sync(id: string, midnight: Date): Promise<void> {
    const part = this.#known(id);
    const file = this.#openFiles.take(id) ?? (await open(this.#path(id, part), "r+"));
    try {
      if (part.stamped?.getTime() !== midnight.getTime()) await file.utimes(midnight, midnight);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Resolves when no early sync of the part is running. Rejects if one failed: then the part is gone. */
  async syncedEarly(id: string): Promise<void> {
    await this.#known(id).syncing;
  }

  /** Renames the part's file to `path`. */
  async moveTo(id: string, path: string): Promise<void> {
    await rename(this.#path(id, this.#known(id)), path);
    this.#parts.delete(id);
  }

  async discard(id: string): Promise<void> {
    await this.#appends.settled(id);
    const part = this.#parts.get(id);
    if (part === undefined) return;
    await this.#openFiles.take(id)?.close();
    await rm(this.#path(id, part), { force: true });
    this.#parts.delete(id);
    await this.#folderSync.truncateTime();
  }

  /** To be called when a part's file has been removed. */
  forget(name: string): void {
    this.#parts.delete(readPartName(name)?.id ?? "");
  }

  async #see(id: string, part: Part): Promise<{ readonly offset: number; readonly day: Date }> {
    if (part.seen !== null) return part.seen;
    const { size, mtime } = await orNotFound(id, this.#path(id, part), (path) => stat(path));
    const seen = { offset: size, day: startOfDay(mtime) };
    part.seen = seen;
    return seen;
  }

  /** Sets the file's time to the day and returns it; null on failure, which {@link sync} then repeats and reports. */
  async #truncateTime(file: FileHandle): Promise<Date | null> {
    const midnight = startOfDay(this.#now());
    return file.utimes(midnight, midnight).then(
      () => midnight,
      () => null,
    );
  }

  #known(id: string): Part {
    const part = this.#parts.get(id);
    if (part === undefined) throw notFound();
    return part;
  }

  #path(id: string, { size }: Pick<Part, "size">): string {
    return join(this.#folder, partName({ id, size }));
  }
}
