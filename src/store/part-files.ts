import { constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { startOfDay } from "../core/index.js";
import { AppendLock } from "./append-lock.js";
import { writeChunks } from "./batching-writer.js";
import { FILE_MODE, orNotFound, readAll, throwStoreError, toStoreError } from "./disk.js";
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
  /** When it began, while nothing of it has come: until then it has no file. */
  begun: Date | null;
  /** Bytes on the disk, also while more are written; null if they have to be looked up. */
  bytes: number | null;
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
  /** Files of uploads that are complete. */
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
        if (found === null) return [];
        return [[found.id, { size: found.size, seen: null, stamped: null, syncing: DONE, begun: null, bytes: null }]];
      }),
    );
    this.#openFiles = new OpenFiles(async (file) => {
      await Promise.all([this.#truncateTime(file), this.#folderSync.truncateTime()]);
      await file.close();
    });
  }

  async begin(id: string, size: number | null): Promise<void> {
    const now = this.#now();
    const seen = { offset: 0, day: startOfDay(now) };
    this.#parts.set(id, { size, seen, stamped: null, syncing: DONE, begun: now, bytes: 0 });
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
    if (part.begun !== null) {
      part.size = size;
      return;
    }
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
    const coming = await nonEmpty(pieces);
    if (coming === null) return offset;
    const created = part.begun !== null;
    const file = created ? await this.#create(id, part) : await this.#open(id, part);
    const day = startOfDay(this.#now());
    let end: number | null = null;
    try {
      end = offset + (await writeChunks(file, coming, ({ length }) => count(part, length)));
      return end;
    } catch (cause) {
      throw toStoreError(cause);
    } finally {
      part.seen = end === null ? null : { offset: end, day };
      part.bytes = end;
      part.stamped = null;
      if (end !== null && end === part.size) this.#openFiles.put(id, file);
      else {
        part.stamped = await this.#truncateTime(file);
        if (created) await this.#folderSync.truncateTime();
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
    const part = this.#known(id);
    if (part.begun !== null) return new Blob([]).stream();
    const path = this.#path(id, part);
    return readAll(await orNotFound(id, path, () => open(path, "r")), from);
  }

  /** Syncs the file and sets its time to `midnight`. */
  async sync(id: string, midnight: Date): Promise<void> {
    const part = this.#known(id);
    const file = part.begun === null ? this.#openFiles.take(id) : await this.#create(id, part);
    await this.#sync(file ?? (await open(this.#path(id, part), "r+")), part, midnight);
  }

  async #sync(file: FileHandle, part: Part, midnight: Date): Promise<void> {
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
    this.#parts.delete(id);
    if (part.begun !== null) return;
    await this.#openFiles.take(id)?.close();
    await rm(this.#path(id, part), { force: true });
    await this.#folderSync.truncateTime();
  }

  /** Forgets what began before `moment` and of which nothing has come. Returns how many. */
  forgetEmpty(moment: Date): number {
    const old = [...this.#parts].filter(([, { begun }]) => begun !== null && begun < moment);
    for (const [id] of old) this.#parts.delete(id);
    return old.length;
  }

  /** Bytes of all parts. The disk is asked only about those of which this process does not know. */
  async used(): Promise<number> {
    const sizes = await Promise.all([...this.#parts].map(async ([id, part]) => part.bytes ?? this.#measure(id, part)));
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** A part that was stored or discarded meanwhile counts as empty. */
  async #measure(id: string, part: Part): Promise<number> {
    const bytes = await stat(this.#path(id, part)).then(
      ({ size }) => size,
      () => 0,
    );
    part.bytes ??= bytes;
    return bytes;
  }

  async #create(id: string, part: Part): Promise<FileHandle> {
    const file = await open(this.#path(id, part), "ax", FILE_MODE).catch(throwStoreError);
    part.begun = null;
    return file;
  }

  async #open(id: string, part: Part): Promise<FileHandle> {
    return this.#openFiles.take(id) ?? orNotFound(id, this.#path(id, part), (path) => open(path, APPEND));
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

function count(part: Part, bytes: number): void {
  if (part.bytes !== null) part.bytes += bytes;
}

/** The same pieces, the first of which has come; null if there is none. */
async function nonEmpty(pieces: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | null> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return null;
  return (async function* () {
    try {
      yield first.value;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}
