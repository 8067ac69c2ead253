import { stat as statWithCallback } from "node:fs";
import { open, readdir, stat, statfs, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { dayOf, startOfDay } from "../core/index.js";
import { isMissing, nullIfMissing, syncFolder } from "../files/index.js";
import { orNotFound, readAll, throwStoreError, toStoreError } from "./disk.js";
import { byDay, isSubmissionId, type StoredSubmission, StoreError, type Submissions } from "./store.js";

export const SUBMISSIONS = "submissions";
export const SUFFIX = ".tar.gpg";
/** Takes a third of the time of stat in `fs/promises`, which matters for ten thousand files. */
const quickStat = promisify(statWithCallback);
/** Calls per batch. Batches take half the time of a queue with a limit. */
const MAX_CONCURRENT_STATS = 256;

/**
 * Opens the submissions of the store in `folder`. Unlike the rest of a store, several processes may have them open: the
 * courier collects submissions while the portal runs.
 * @param now for the day that becomes the folder's time
 * @throws StoreError `not_found` if there is no store
 */
export async function openFileSubmissions(folder: string, now: () => Date = () => new Date()): Promise<Submissions> {
  const path = join(folder, SUBMISSIONS);
  const about = await stat(path).catch((cause: unknown) => {
    throw isMissing(cause)
      ? new StoreError("not_found", `there is no store in ${folder}`, { cause })
      : toStoreError(cause);
  });
  if (!about.isDirectory()) throw new StoreError("not_found", `there is no store in ${folder}`);
  return new FileSubmissions(path, now);
}

/** Submissions as one file each, `<id>.tar.gpg`. Every file in the folder is complete. */
export class FileSubmissions implements Submissions {
  readonly #folder: string;
  readonly #now: () => Date;
  /** Stored submissions never change, so each is looked up once. */
  readonly #known = new Map<string, StoredSubmission>();

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async get(id: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<ReadableStream<Uint8Array>> {
    return readAll(await orNotFound(id, this.path(id), (path) => open(path, "r")), from, to);
  }

  async find(id: string): Promise<StoredSubmission> {
    return orNotFound(id, this.path(id), (path) => this.#stat(id, path));
  }

  async *list(): AsyncIterable<StoredSubmission> {
    const names = await readdir(this.#folder).catch(throwStoreError);
    const ids = names.flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []));
    const there = new Set(ids.filter(isSubmissionId));
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
    const unknown = [...there].filter((id) => !this.#known.has(id));
    for (let start = 0; start < unknown.length; start += MAX_CONCURRENT_STATS) {
      const batch = unknown.slice(start, start + MAX_CONCURRENT_STATS);
      // Null for a submission that another process has removed since it was listed.
      const stats = batch.map((id) => this.#stat(id, this.path(id)).catch(nullIfMissing));
      const found = await Promise.all(stats).catch(throwStoreError);
      for (const one of found) if (one !== null) this.#known.set(one.id, one);
    }
    yield* [...this.#known.values()].sort(byDay);
  }

  async remove(id: string): Promise<void> {
    await orNotFound(id, this.path(id), unlink);
    await syncFolder(this.#folder);
    const midnight = startOfDay(this.#now());
    await utimes(this.#folder, midnight, midnight);
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder).catch(throwStoreError);
    return bavail * bsize;
  }

  /** The path of a submission's file, whether it exists or not. */
  path(id: string): string {
    return join(this.#folder, id + SUFFIX);
  }

  async #stat(id: string, path: string): Promise<StoredSubmission> {
    const { size, mtime } = await quickStat(path);
    return { id, bytes: size, day: dayOf(mtime) };
  }
}
