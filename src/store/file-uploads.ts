import { readdir, rm, stat, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, dayOf, startOfDay } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { CompletedUploads } from "./completed-uploads.js";
import { throwStoreError, toStoreError } from "./disk.js";
import { FolderSync } from "./folder-sync.js";
import { notFound } from "./not-found.js";
import { PartFiles } from "./part-files.js";
import { readPartName } from "./part-name.js";
import type { StoredSubmission } from "./store.js";
import type { Digests, UploadState, Uploads } from "./uploads.js";

/** An upload of which nothing has come is forgotten after this time. */
const EMPTY_MS = 60 * 60 * 1000;

/** The folder that completed uploads move to. */
interface SubmissionsFolder {
  readonly folder: string;
  readonly folderSync: FolderSync;
  readonly suffix: string;
}

/** Uploads in a folder on the same disk as the submissions: parts in progress, and notes on completed uploads. */
export class FileUploads implements Uploads {
  readonly #folder: string;
  readonly #folderSync: FolderSync;
  readonly #parts: PartFiles;
  readonly #completed: CompletedUploads;
  readonly #submissions: SubmissionsFolder;
  readonly #now: () => Date;
  readonly #finishing = new Map<string, Promise<StoredSubmission>>();
  /** Uploads that were renamed into the submissions, without a successful sync since. */
  readonly #unsynced = new Set<string>();

  private constructor(
    folder: string,
    folderSync: FolderSync,
    parts: PartFiles,
    completed: CompletedUploads,
    submissions: SubmissionsFolder,
    now: () => Date,
  ) {
    this.#folder = folder;
    this.#folderSync = folderSync;
    this.#parts = parts;
    this.#completed = completed;
    this.#submissions = submissions;
    this.#now = now;
  }

  /** Continues the uploads that an earlier process left in `folder`. @throws StoreError */
  static async open(folder: string, submissions: SubmissionsFolder, now: () => Date): Promise<FileUploads> {
    try {
      const names = await readdir(folder);
      const folderSync = new FolderSync(folder, now);
      const completed = await CompletedUploads.open(folder, names, folderSync);
      const parts = new PartFiles(folder, names, folderSync, now);
      return new FileUploads(folder, folderSync, parts, completed, submissions, now);
    } catch (cause) {
      throw toStoreError(cause);
    }
  }

  begin(id: string, size: number | null): Promise<void> {
    return this.#parts.begin(id, size);
  }

  async state(id: string): Promise<UploadState> {
    const part = await this.#parts.state(id);
    if (part !== null) return { offset: part.offset, size: part.size, activeBefore: dayAfter(part.day), stored: null };
    if (this.#unsynced.has(id)) await this.#syncName(id).catch(throwStoreError);
    const found = await this.#completed.find(id);
    if (found === null) throw notFound();
    const { stored, day } = found;
    return { offset: stored.bytes, size: stored.bytes, activeBefore: dayAfter(day), stored };
  }

  declareSize(id: string, size: number): Promise<void> {
    return this.#parts.declareSize(id, size);
  }

  append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    return this.#parts.append(id, pieces);
  }

  read(id: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    return this.#parts.read(id, from);
  }

  finish(id: string, digests: Digests): Promise<StoredSubmission> {
    const finishing = this.#finishing.get(id) ?? this.#finish(id, digests).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  async #finish(id: string, digests: Digests): Promise<StoredSubmission> {
    const midnight = startOfDay(this.#now());
    const { offset: bytes, stored } = await this.state(id);
    if (stored !== null) return { id, bytes: stored.bytes, day: dayOf(midnight) };
    try {
      // In this order: no note on data that the disk failed to store, and no upload that is neither part nor noted.
      await this.#parts.syncedEarly(id);
      await settleAll([this.#parts.sync(id, midnight), this.#completed.add(midnight, { id, bytes, ...digests })]);
      await this.#parts.moveTo(id, join(this.#submissions.folder, id + this.#submissions.suffix));
      this.#unsynced.add(id);
      await settleAll([this.#syncName(id), this.#folderSync.truncateTime()]);
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      throw toStoreError(cause);
    }
  }

  discard(id: string): Promise<void> {
    return this.#parts.discard(id);
  }

  async sweep(now: Date): Promise<number> {
    let removed = this.#parts.forgetEmpty(new Date(now.getTime() - EMPTY_MS));
    for (const name of await readdir(this.#folder)) {
      // Null for a file that another request stores or discards in this moment.
      const swept = await this.#sweep(name, now).catch(nullIfMissing);
      if (swept === true && readPartName(name) !== null) removed += 1;
    }
    await this.#folderSync.truncateTime();
    return removed;
  }

  async #sweep(name: string, now: Date): Promise<boolean> {
    const path = join(this.#folder, name);
    const day = startOfDay((await stat(path)).mtime);
    if (now.getTime() - dayAfter(day).getTime() >= DAY_MS) {
      await this.#completed.remove(name);
      await rm(path, { force: true });
      this.#parts.forget(name);
      return true;
    }
    // A process killed during a write left an exact time behind.
    await utimes(path, day, day);
    return false;
  }

  async used(): Promise<number> {
    return this.#parts.used();
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder).catch(throwStoreError);
    return bavail * bsize;
  }

  /** Syncs the submission's name. */
  async #syncName(id: string): Promise<void> {
    await this.#submissions.folderSync.sync();
    this.#unsynced.delete(id);
  }
}

/** Waits until all have settled, then throws the error of the first that rejected. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === "rejected") throw outcome.reason;
}

function dayAfter(midnight: Date): Date {
  return new Date(midnight.getTime() + DAY_MS);
}
