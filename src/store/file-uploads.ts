import { readdir, rm, stat, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, startOfDay } from "../core/index.js";
import { StoredNotes } from "./completed-uploads.js";
import { explain, isMissing } from "./disk.js";
import { FolderSync } from "./folder-sync.js";
import { PartFiles } from "./part-files.js";
import { type StoredSubmission, StoreError } from "./store.js";
import type { Digests, UploadState, Uploads } from "./uploads.js";

const DAY = 24 * 60 * 60 * 1000;

/** Where submissions lie. */
interface Submissions {
  readonly folder: string;
  readonly synced: FolderSync;
  readonly suffix: string;
}

/** Uploads in a folder on the same disk as the submissions: their parts, and notes on what they were stored as. */
export class FileUploads implements Uploads {
  readonly #folder: string;
  readonly #synced: FolderSync;
  readonly #parts: PartFiles;
  readonly #notes: StoredNotes;
  readonly #submissions: Submissions;
  readonly #now: () => Date;
  readonly #finishing = new Map<string, Promise<StoredSubmission>>();
  /** What has its name among the submissions, and no sync since then has succeeded. */
  readonly #unsynced = new Set<string>();

  private constructor(
    folder: string,
    synced: FolderSync,
    parts: PartFiles,
    notes: StoredNotes,
    submissions: Submissions,
    now: () => Date,
  ) {
    this.#folder = folder;
    this.#synced = synced;
    this.#parts = parts;
    this.#notes = notes;
    this.#submissions = submissions;
    this.#now = now;
  }

  /** Goes on with what an earlier process left in `folder`. @throws StoreError */
  static async open(folder: string, submissions: Submissions, now: () => Date): Promise<FileUploads> {
    try {
      const names = await readdir(folder);
      const synced = new FolderSync(folder, now);
      const notes = await StoredNotes.open(folder, names, synced);
      return new FileUploads(folder, synced, new PartFiles(folder, names, synced, now), notes, submissions, now);
    } catch (cause) {
      throw explain(cause);
    }
  }

  begin(id: string, size: number | null): Promise<void> {
    return this.#parts.begin(id, size);
  }

  async state(id: string): Promise<UploadState> {
    const part = await this.#parts.state(id);
    if (part !== null) return { offset: part.offset, size: part.size, activeBefore: dayAfter(part.day), stored: null };
    if (this.#unsynced.has(id)) await this.#makeLast(id).catch(failing);
    const found = await this.#notes.find(id);
    if (found === null) throw new StoreError("not_found", "there is nothing under this id");
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
      // There is a note on nothing that the disk has failed to keep, and on all that is not a part any more.
      await this.#parts.flushed(id);
      await everyOne([this.#parts.sync(id, midnight), this.#notes.add(midnight, { id, bytes, ...digests })]);
      await this.#parts.moveTo(id, join(this.#submissions.folder, id + this.#submissions.suffix));
      this.#unsynced.add(id);
      await everyOne([this.#makeLast(id), this.#synced.forgetTime()]);
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      throw explain(cause);
    }
  }

  discard(id: string): Promise<void> {
    return this.#parts.discard(id);
  }

  async sweep(now: Date): Promise<number> {
    let given = 0;
    for (const name of await readdir(this.#folder)) {
      // What is stored or given up in this moment is not there any more.
      const swept = await this.#sweep(name, now).catch((cause: unknown) => {
        if (!isMissing(cause)) throw cause;
        return false;
      });
      if (swept && PartFiles.isPart(name)) given += 1;
    }
    await this.#synced.forgetTime();
    return given;
  }

  async #sweep(name: string, now: Date): Promise<boolean> {
    const path = join(this.#folder, name);
    const day = startOfDay((await stat(path)).mtime);
    if (now.getTime() - dayAfter(day).getTime() >= DAY) {
      await this.#notes.remove(name);
      await rm(path, { force: true });
      this.#parts.forget(name);
      return true;
    }
    // A process killed in the middle of a piece left its time behind.
    await utimes(path, day, day);
    return false;
  }

  async used(): Promise<number> {
    const names = await readdir(this.#folder).catch(failing);
    const parts = names.filter(PartFiles.isPart).map((name) => join(this.#folder, name));
    // What is stored or given up meanwhile takes no room here any more.
    const sizes = await Promise.all(
      parts.map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder).catch(failing);
    return bavail * bsize;
  }

  /** Brings the name that a submission has got to the disk. */
  async #makeLast(id: string): Promise<void> {
    await this.#submissions.synced.sync();
    this.#unsynced.delete(id);
  }
}

/** Waits for all, whatever becomes of them, and throws what the first that failed has thrown. */
async function everyOne(acts: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(acts)) if (outcome.status === "rejected") throw outcome.reason;
}

function failing(cause: unknown): never {
  throw explain(cause);
}

function dayAfter(midnight: Date): Date {
  return new Date(midnight.getTime() + DAY);
}
