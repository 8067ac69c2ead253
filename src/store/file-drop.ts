import { mkdir, readdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, randomHex, startOfDay } from "../core/index.js";
import { syncFolder } from "../files/index.js";
import { FOLDER_MODE, toStoreError, writeStream } from "./disk.js";
import { FileSubmissions, SUBMISSIONS, SUFFIX } from "./file-submissions.js";
import { FolderSync } from "./folder-sync.js";
import type { Store, StoredSubmission } from "./store.js";

export interface DropPlaces {
  readonly submissions: string;
  readonly folderSync: FolderSync;
  /** Holds only encrypted or already unlinked files. On the disk of `submissions`. */
  readonly incoming: string;
  readonly now: () => Date;
}

/**
 * Opens the store in `folder` for another process beside the portal's, which only adds submissions. It creates the
 * store if needed.
 * @param name of its own folder for incomplete submissions, which only one process may have open; emptied now
 * @param now for the day that becomes the time of files
 * @throws StoreError
 */
export async function openFileDrop(
  folder: string,
  name: string,
  now: () => Date = () => new Date(),
): Promise<FileDrop> {
  const submissions = join(folder, SUBMISSIONS);
  const incoming = join(folder, name);
  await prepareDrop({ folder, submissions, incoming, midnight: startOfDay(now()) });
  return new FileDrop({ submissions, folderSync: new FolderSync(submissions, now), incoming, now });
}

/**
 * Creates the folders, and removes what an interrupted process has left incomplete.
 * @throws StoreError
 */
export async function prepareDrop(places: {
  readonly folder: string;
  readonly submissions: string;
  readonly incoming: string;
  readonly others?: readonly string[];
  readonly midnight: Date;
}): Promise<void> {
  const { folder, submissions, incoming, others = [], midnight } = places;
  try {
    for (const path of [folder, submissions, incoming, ...others])
      await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    for (const leftover of await readdir(incoming)) await rm(join(incoming, leftover), { recursive: true });
    for (const path of [incoming, ...others]) await utimes(path, midnight, midnight);
    // An earlier process may have renamed files without syncing.
    for (const path of [submissions, folder]) await syncFolder(path, path === submissions ? midnight : undefined);
  } catch (cause) {
    throw toStoreError(cause);
  }
}

/** Submissions in a folder, and the folder beside it in which they are written until they are complete. */
export class FileDrop extends FileSubmissions implements Store {
  readonly incoming: string;
  readonly #folderSync: FolderSync;
  readonly #incomingSync: FolderSync;
  readonly #now: () => Date;

  constructor({ submissions, folderSync, incoming, now }: DropPlaces) {
    super(submissions, now);
    this.incoming = incoming;
    this.#folderSync = folderSync;
    this.#incomingSync = new FolderSync(incoming, now);
    this.#now = now;
  }

  async put(ciphertext: ReadableStream<Uint8Array>, id = randomHex(16)): Promise<StoredSubmission> {
    const unfinished = join(this.incoming, id + SUFFIX);
    const midnight = startOfDay(this.#now());
    try {
      const bytes = await writeStream(unfinished, ciphertext, midnight);
      await rename(unfinished, this.path(id));
      await this.#folderSync.sync();
      await this.#incomingSync.setTime();
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      await Promise.all([unfinished, this.path(id)].map((path) => rm(path, { force: true }).catch(() => undefined)));
      await this.#incomingSync.truncateTime();
      throw toStoreError(cause);
    }
  }
}
