import { constants, open, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, startOfDay } from "../core/index.js";
import { explain, FILE_MODE, isMissing, onKnown, readAll } from "./disk.js";
import { FolderSync } from "./folder-sync.js";
import { writeAll, writeChunks } from "./gathering-writer.js";
import { type StoredSubmission, StoreError } from "./store.js";
import type { Digests, StoredUpload, UploadState, Uploads } from "./uploads.js";

const PART = ".part";
/** At the end of a file that must be there already. */
const APPEND = constants.O_WRONLY | constants.O_APPEND;
const DAY = 24 * 60 * 60 * 1000;

/** What an upload's note says beside it: the size once it is known, and what it was stored as once it has been. */
interface Note {
  readonly size: number | null;
  readonly stored: StoredUpload | null;
}

/** Uploads as two files each, `<id>.part` and `<id>.json`, in a folder on the same disk as the submissions. */
export class FileUploads implements Uploads {
  readonly #folder: string;
  readonly #synced: FolderSync;
  readonly #submissions: string;
  readonly #syncedSubmissions: FolderSync;
  readonly #suffix: string;
  readonly #now: () => Date;
  /** Appends under way. A broken connection's last write may still be going on when the client is back and asks. */
  readonly #appending = new Map<string, Promise<unknown>>();

  constructor(folder: string, submissions: string, syncedSubmissions: FolderSync, suffix: string, now: () => Date) {
    this.#folder = folder;
    this.#synced = new FolderSync(folder);
    this.#submissions = submissions;
    this.#syncedSubmissions = syncedSubmissions;
    this.#suffix = suffix;
    this.#now = now;
  }

  async begin(id: string, size: number | null): Promise<void> {
    try {
      await writeFile(this.#part(id), "", { flag: "wx", mode: FILE_MODE });
      await this.#write(id, { size, stored: null });
    } catch (cause) {
      await this.discard(id);
      throw explain(cause);
    }
  }

  async state(id: string): Promise<UploadState> {
    await this.#appending.get(id);
    const { note, activeBefore } = await this.#read(id);
    try {
      const { size: offset } = await stat(this.#part(id));
      return { offset, size: note.size, activeBefore, stored: null };
    } catch (cause) {
      // The part leaves only to become a submission, and only after the note has said so.
      if (!isMissing(cause) || note.stored === null) throw missing(cause);
      return { offset: note.stored.bytes, size: note.stored.bytes, activeBefore, stored: note.stored };
    }
  }

  async declareSize(id: string, size: number): Promise<void> {
    const { note } = await this.#read(id);
    await this.#write(id, { ...note, size });
  }

  async append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    await this.#appending.get(id);
    const appending = this.#append(id, pieces);
    const settled = appending.then(
      () => this.#appending.delete(id),
      () => this.#appending.delete(id),
    );
    this.#appending.set(id, settled);
    return appending;
  }

  async #append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    const file = await onKnown(id, this.#part(id), (path) => open(path, APPEND));
    try {
      await writeChunks(file, pieces);
      return (await file.stat()).size;
    } catch (cause) {
      throw explain(cause);
    } finally {
      await file.close();
      await Promise.all([this.#part(id), this.#note(id)].map((path) => this.#forgetTime(path)));
    }
  }

  async read(id: string): Promise<ReadableStream<Uint8Array>> {
    return readAll(await onKnown(id, this.#part(id), (path) => open(path, "r")));
  }

  async finish(id: string, digests: Digests): Promise<StoredSubmission> {
    const midnight = startOfDay(this.#now());
    const { offset: bytes, stored } = await this.state(id);
    if (stored !== null) return { id, bytes: stored.bytes, day: dayOf(midnight) };
    try {
      const file = await open(this.#part(id), "r+");
      try {
        await file.utimes(midnight, midnight);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#write(id, { size: bytes, stored: { bytes, ...digests } });
      await this.#synced.sync();
      await rename(this.#part(id), join(this.#submissions, id + this.#suffix));
      await this.#syncedSubmissions.sync();
      await Promise.all([this.#submissions, this.#folder].map((path) => utimes(path, midnight, midnight)));
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      throw explain(cause);
    }
  }

  async discard(id: string): Promise<void> {
    await this.#appending.get(id);
    await Promise.all([this.#part(id), this.#note(id)].map((path) => rm(path, { force: true })));
    await this.#forgetTime(this.#folder);
  }

  async sweep(now: Date): Promise<number> {
    let given = 0;
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const { mtime } = await stat(path);
      if (now.getTime() - endOfDay(mtime).getTime() >= DAY) {
        await rm(path, { force: true });
        if (name.endsWith(PART)) given += 1;
      } else {
        // A process killed in the middle of a piece left its time behind.
        await utimes(path, startOfDay(mtime), startOfDay(mtime));
      }
    }
    await this.#forgetTime(this.#folder);
    return given;
  }

  async used(): Promise<number> {
    const names = await readdir(this.#folder).catch((cause: unknown) => {
      throw explain(cause);
    });
    const parts = names.filter((name) => name.endsWith(PART)).map((name) => join(this.#folder, name));
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
    const { bavail, bsize } = await statfs(this.#folder).catch((cause: unknown) => {
      throw explain(cause);
    });
    return bavail * bsize;
  }

  async #read(id: string): Promise<{ note: Note; activeBefore: Date }> {
    return onKnown(id, this.#note(id), async (path) => {
      const [text, { mtime }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
      return { note: JSON.parse(text) as Note, activeBefore: endOfDay(mtime) };
    });
  }

  /** Whole or not at all: the new note takes the old one's place. */
  async #write(id: string, note: Note): Promise<void> {
    const midnight = startOfDay(this.#now());
    const unfinished = `${this.#note(id)}.new`;
    const file = await open(unfinished, "w", FILE_MODE);
    try {
      await writeAll(file, new TextEncoder().encode(JSON.stringify(note)));
      await file.utimes(midnight, midnight);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, this.#note(id));
    await this.#forgetTime(this.#folder);
  }

  async #forgetTime(path: string): Promise<void> {
    const midnight = startOfDay(this.#now());
    await utimes(path, midnight, midnight).catch(() => undefined);
  }

  #part(id: string): string {
    return join(this.#folder, id + PART);
  }

  #note(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function missing(cause: unknown): unknown {
  if (!isMissing(cause)) return explain(cause);
  return new StoreError("not_found", "there is nothing under this id", { cause });
}

function endOfDay(moment: Date): Date {
  return new Date(startOfDay(moment).getTime() + DAY);
}
