import { constants, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { startOfDay } from "../core/index.js";
import { writeChunks } from "./batching-writer.js";
import { explain, FILE_MODE, onKnown, readAll } from "./disk.js";
import type { FolderSync } from "./folder-sync.js";
import { KeptFiles } from "./open-files.js";
import { StoreError } from "./store.js";

/** An upload's id, and its size once it is known. */
const NAME = /^([0-9a-f]{32})(?:\.(\d+))?\.part$/;
/** At the end of a file that must be there already. */
const APPEND = constants.O_WRONLY | constants.O_APPEND;
/** Bytes of one piece from which on the disk is set to work on them while more come. */
const MANY = 4 * 1024 * 1024;
const NOTHING = Promise.resolve();

/** How far an upload has come. */
export interface PartState {
  readonly offset: number;
  readonly size: number | null;
  /** The day on which it last grew. */
  readonly day: Date;
}

/** What is known in memory of an upload. The disk is asked where it may know better. */
interface Part {
  size: number | null;
  /** Null until the disk has said it. */
  seen: { readonly offset: number; readonly day: Date } | null;
  /** The file's time, where this process has set it. */
  stamped: Date | null;
  /** Sync of what has come so far, while more comes. */
  flushing: Promise<void>;
}

/**
 * What has come of uploads that are not whole yet: one file each, named `<id>.part`, or `<id>.<size>.part` once the size is known. Nothing is
 * synced before it is whole: it survives a process that is killed. All methods but `begin` throw StoreError `not_found` for an id
 * that is not here.
 */
export class PartFiles {
  readonly #folder: string;
  readonly #synced: FolderSync;
  readonly #now: () => Date;
  readonly #parts: Map<string, Part>;
  /** Open files of uploads that have just begun, or just come whole. */
  readonly #kept: KeptFiles;
  /** Appends under way. A broken connection's last write may still be going on when the client is back and asks. */
  readonly #appending = new Map<string, Promise<unknown>>();
  /** Whether some part is being synced while more of it comes: one at a time, since letters wait for the same threads. */
  #flushing = false;

  /** @param names of what an earlier process has left in the folder */
  constructor(folder: string, names: readonly string[], synced: FolderSync, now: () => Date) {
    this.#folder = folder;
    this.#synced = synced;
    this.#now = now;
    this.#parts = new Map(
      names.flatMap((name): [string, Part][] => {
        const [, id, size] = NAME.exec(name) ?? [];
        return id === undefined ? [] : [[id, { size: sizeOf(size), seen: null, stamped: null, flushing: NOTHING }]];
      }),
    );
    this.#kept = new KeptFiles(async (file) => {
      await Promise.all([this.#forgetTime(file), this.#synced.forgetTime()]);
      await file.close();
    });
  }

  /** Whether `name` is that of a part's file. */
  static isPart(name: string): boolean {
    return NAME.test(name);
  }

  async begin(id: string, size: number | null): Promise<void> {
    const part = { size, seen: { offset: 0, day: startOfDay(this.#now()) }, stamped: null, flushing: NOTHING };
    try {
      const file = await open(this.#path(id, part), "ax", FILE_MODE);
      this.#parts.set(id, part);
      // Both its time and the folder's are set as soon as the upload goes on, or in a moment if it does not.
      this.#kept.keep(id, file);
    } catch (cause) {
      await this.discard(id);
      throw explain(cause);
    }
  }

  /** Null if it is not here. */
  async state(id: string): Promise<PartState | null> {
    await this.#appending.get(id);
    const part = this.#parts.get(id);
    return part === undefined ? null : { size: part.size, ...(await this.#see(id, part)) };
  }

  async declareSize(id: string, size: number): Promise<void> {
    const part = this.#known(id);
    const before = this.#path(id, part);
    await onKnown(id, before, (path) => rename(path, this.#path(id, { size })));
    part.size = size;
    await this.#synced.forgetTime();
  }

  async append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    const before = this.#appending.get(id) ?? Promise.resolve();
    const appending = before.then(() => this.#append(id, pieces));
    const settled = appending
      .catch(() => undefined)
      .then(() => {
        if (this.#appending.get(id) === settled) this.#appending.delete(id);
      });
    this.#appending.set(id, settled);
    return appending;
  }

  async #append(id: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
    const part = this.#known(id);
    const { offset } = await this.#see(id, part);
    const kept = this.#kept.take(id);
    const file = kept ?? (await onKnown(id, this.#path(id, part), (path) => open(path, APPEND)));
    const day = startOfDay(this.#now());
    let end: number | null = null;
    try {
      end = offset + (await writeChunks(file, pieces));
      return end;
    } catch (cause) {
      throw explain(cause);
    } finally {
      part.seen = end === null ? null : { offset: end, day };
      part.stamped = null;
      if (end !== null && end === part.size) this.#kept.keep(id, file);
      else {
        part.stamped = await this.#forgetTime(file);
        if (kept !== null) await this.#synced.forgetTime();
        if (end !== null && end - offset >= MANY && !this.#flushing) this.#flush(id, part, file);
        else await file.close();
      }
    }
  }

  /** So that little is left to be synced at the end. What the disk has failed to keep is not there any more. */
  #flush(id: string, part: Part, file: FileHandle): void {
    this.#flushing = true;
    part.flushing = file.datasync().catch((cause: unknown) => {
      // Asked again, the system would not say it a second time.
      this.#parts.delete(id);
      throw explain(cause);
    });
    part.flushing
      .catch(() => rm(this.#path(id, part), { force: true }))
      .catch(() => undefined)
      .then(() => file.close())
      .catch(() => undefined)
      .then(() => {
        this.#flushing = false;
      });
  }

  async read(id: string, from: number): Promise<ReadableStream<Uint8Array>> {
    const path = this.#path(id, this.#known(id));
    return readAll(await onKnown(id, path, () => open(path, "r")), from);
  }

  /** Brings what has come to the disk, with `midnight` as its time. */
  async sync(id: string, midnight: Date): Promise<void> {
    const part = this.#known(id);
    const file = this.#kept.take(id) ?? (await open(this.#path(id, part), "r+"));
    try {
      if (part.stamped?.getTime() !== midnight.getTime()) await file.utimes(midnight, midnight);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Resolves when all that was sent on its way to the disk has arrived there. Throws if it has not: then there is no such part any more. */
  async flushed(id: string): Promise<void> {
    await this.#known(id).flushing;
  }

  /** Lets the part be a file of another name. */
  async moveTo(id: string, path: string): Promise<void> {
    await rename(this.#path(id, this.#known(id)), path);
    this.#parts.delete(id);
  }

  async discard(id: string): Promise<void> {
    await this.#appending.get(id);
    const part = this.#parts.get(id);
    if (part === undefined) return;
    await this.#kept.take(id)?.close();
    await rm(this.#path(id, part), { force: true });
    this.#parts.delete(id);
    await this.#synced.forgetTime();
  }

  /** To be called when a part's file has been removed. */
  forget(name: string): void {
    this.#parts.delete(NAME.exec(name)?.[1] ?? "");
  }

  async #see(id: string, part: Part): Promise<{ readonly offset: number; readonly day: Date }> {
    if (part.seen !== null) return part.seen;
    const { size, mtime } = await onKnown(id, this.#path(id, part), (path) => stat(path));
    const seen = { offset: size, day: startOfDay(mtime) };
    part.seen = seen;
    return seen;
  }

  /** The day that has become the file's time; null if it could not be set. Storing it sets it again, and fails if it cannot. */
  async #forgetTime(file: FileHandle): Promise<Date | null> {
    const midnight = startOfDay(this.#now());
    return file.utimes(midnight, midnight).then(
      () => midnight,
      () => null,
    );
  }

  #known(id: string): Part {
    const part = this.#parts.get(id);
    if (part === undefined) throw new StoreError("not_found", "there is nothing under this id");
    return part;
  }

  #path(id: string, { size }: Pick<Part, "size">): string {
    return join(this.#folder, `${id}${size === null ? "" : `.${size}`}.part`);
  }
}

function sizeOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}
