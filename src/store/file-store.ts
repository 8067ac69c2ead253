import { mkdir, readdir, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, randomHex, startOfDay } from "../core/index.js";
import { FOLDER_MODE, syncFolder, toStoreError, writeStream } from "./disk.js";
import type { Drafts } from "./drafts.js";
import { openFileDrafts } from "./file-drafts.js";
import { openFileMailboxes } from "./file-mailboxes.js";
import { FileSubmissions, SUBMISSIONS, SUFFIX } from "./file-submissions.js";
import { FileUploads } from "./file-uploads.js";
import { FolderSync } from "./folder-sync.js";
import type { Mailboxes } from "./mailboxes.js";
import type { Store, StoredSubmission } from "./store.js";
import type { Uploads } from "./uploads.js";

/** A store in a folder, and the folder beside it for incomplete submissions. */
export interface FileStore extends Store {
  /** Holds only encrypted or already unlinked files; emptied when the store is opened. */
  readonly incoming: string;
  /** Survive a restart. */
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;
  readonly drafts: Drafts;
}

/**
 * Opens the store in `folder`, creating it if needed, and removes incomplete submissions of an interrupted process.
 * Only one process may have a folder open; others may open its mailboxes or its submissions alone.
 * @param now for the day that becomes the time of files
 * @throws StoreError
 */
export async function openFileStore(folder: string, now: () => Date = () => new Date()): Promise<FileStore> {
  const submissions = join(folder, SUBMISSIONS);
  const incoming = join(folder, "incoming");
  const uploads = join(folder, "uploads");
  try {
    for (const path of [folder, submissions, incoming, uploads])
      await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    for (const leftover of await readdir(incoming)) await rm(join(incoming, leftover), { recursive: true });
    const midnight = startOfDay(now());
    for (const path of [incoming, uploads]) await utimes(path, midnight, midnight);
    // An earlier process may have renamed files without syncing.
    for (const path of [submissions, folder]) await syncFolder(path, path === submissions ? midnight : undefined);
  } catch (cause) {
    throw toStoreError(cause);
  }
  const mailboxes = await openFileMailboxes(folder, now);
  const drafts = await openFileDrafts(folder, now);
  const folderSync = new FolderSync(submissions, now);
  const opened = await FileUploads.open(uploads, { folder: submissions, folderSync, suffix: SUFFIX }, now);
  return new FolderStore(submissions, folderSync, incoming, opened, mailboxes, drafts, now);
}

class FolderStore extends FileSubmissions implements FileStore {
  readonly #folderSync: FolderSync;
  readonly #now: () => Date;
  readonly incoming: string;
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;
  readonly drafts: Drafts;

  constructor(
    submissions: string,
    folderSync: FolderSync,
    incoming: string,
    uploads: Uploads,
    mailboxes: Mailboxes,
    drafts: Drafts,
    now: () => Date,
  ) {
    super(submissions, now);
    this.#folderSync = folderSync;
    this.incoming = incoming;
    this.uploads = uploads;
    this.mailboxes = mailboxes;
    this.drafts = drafts;
    this.#now = now;
  }

  async put(ciphertext: ReadableStream<Uint8Array>): Promise<StoredSubmission> {
    const id = randomHex(16);
    const unfinished = join(this.incoming, id + SUFFIX);
    const midnight = startOfDay(this.#now());
    try {
      const bytes = await writeStream(unfinished, ciphertext, midnight);
      await rename(unfinished, this.path(id));
      await this.#folderSync.sync();
      await utimes(this.incoming, midnight, midnight);
      return { id, bytes, day: dayOf(midnight) };
    } catch (cause) {
      await Promise.all([unfinished, this.path(id)].map((path) => rm(path, { force: true }).catch(() => undefined)));
      await utimes(this.incoming, midnight, midnight).catch(() => undefined);
      throw toStoreError(cause);
    }
  }
}
