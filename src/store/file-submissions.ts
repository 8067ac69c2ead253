import { stat as askSystem } from "node:fs";
import { open, readdir, stat, statfs, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { dayOf, startOfDay } from "../core/index.js";
import { explain, isMissing, onKnown, readAll, syncFolder } from "./disk.js";
import { byDay, isSubmissionId, type StoredSubmission, StoreError, type Submissions } from "./store.js";

export const SUBMISSIONS = "submissions";
export const SUFFIX = ".tar.gpg";
/** A third of the time that the one of `fs/promises` takes; ten thousand are asked about at once. */
const quickStat = promisify(askSystem);
/** How many files are asked about at once. */
const PARALLEL = 256;

/**
 * Opens what the store in `folder` holds. Unlike the rest of a store, several processes may have it open: submissions are
 * carried away while the portal runs.
 * @param now for the day that is written on the folder
 * @throws StoreError if there is no store
 */
export async function openFileSubmissions(folder: string, now: () => Date = () => new Date()): Promise<Submissions> {
  const path = join(folder, SUBMISSIONS);
  const about = await stat(path).catch((cause: unknown) => {
    throw isMissing(cause) ? new StoreError("not_found", `there is no store in ${folder}`, { cause }) : explain(cause);
  });
  if (!about.isDirectory()) throw new StoreError("not_found", `there is no store in ${folder}`);
  return new FileSubmissions(path, now);
}

/** Submissions as one file each, `<id>.tar.gpg`; what is in the folder is whole. */
export class FileSubmissions implements Submissions {
  readonly #folder: string;
  readonly #now: () => Date;
  /** A submission never changes once it is there: each is asked about once. */
  readonly #known = new Map<string, StoredSubmission>();

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async get(id: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<ReadableStream<Uint8Array>> {
    return readAll(await onKnown(id, this.path(id), (path) => open(path, "r")), from, to);
  }

  async find(id: string): Promise<StoredSubmission> {
    return onKnown(id, this.path(id), (path) => this.#ask(id, path));
  }

  async *list(): AsyncIterable<StoredSubmission> {
    const names = await readdir(this.#folder).catch((cause: unknown) => {
      throw explain(cause);
    });
    const ids = names.flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []));
    const there = new Set(ids.filter(isSubmissionId));
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
    const asked = [...there].filter((id) => !this.#known.has(id));
    for (let start = 0; start < asked.length; start += PARALLEL) {
      const some = asked.slice(start, start + PARALLEL);
      const found = await Promise.all(some.map((id) => this.#ask(id, this.path(id)).catch(ifThere)));
      for (const one of found) if (one !== null) this.#known.set(one.id, one);
    }
    yield* [...this.#known.values()].sort(byDay);
  }

  async remove(id: string): Promise<void> {
    await onKnown(id, this.path(id), unlink);
    await syncFolder(this.#folder);
    const midnight = startOfDay(this.#now());
    await utimes(this.#folder, midnight, midnight);
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder).catch((cause: unknown) => {
      throw explain(cause);
    });
    return bavail * bsize;
  }

  /** Where a submission lies, or is to lie. */
  path(id: string): string {
    return join(this.#folder, id + SUFFIX);
  }

  async #ask(id: string, path: string): Promise<StoredSubmission> {
    const { size, mtime } = await quickStat(path);
    return { id, bytes: size, day: dayOf(mtime) };
  }
}

/** Null for what another process has removed since it was listed. */
function ifThere(cause: unknown): null {
  if (isMissing(cause)) return null;
  throw explain(cause);
}
