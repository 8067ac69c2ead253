import { join } from "node:path";
import { startOfDay } from "../core/index.js";
import type { Drafts } from "./drafts.js";
import { openFileDrafts } from "./file-drafts.js";
import { type DropPlaces, FileDrop, prepareDrop } from "./file-drop.js";
import { openFileMailboxes } from "./file-mailboxes.js";
import { SUBMISSIONS, SUFFIX } from "./file-submissions.js";
import { FileUploads } from "./file-uploads.js";
import { FolderSync } from "./folder-sync.js";
import type { Mailboxes } from "./mailboxes.js";
import type { Store } from "./store.js";
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
 * Only one process may have a folder open; others may open its mailboxes or its submissions alone, or a drop of it.
 * @param now for the day that becomes the time of files
 * @throws StoreError
 */
export async function openFileStore(folder: string, now: () => Date = () => new Date()): Promise<FileStore> {
  const submissions = join(folder, SUBMISSIONS);
  const incoming = join(folder, "incoming");
  const uploads = join(folder, "uploads");
  await prepareDrop({ folder, submissions, incoming, others: [uploads], midnight: startOfDay(now()) });
  const mailboxes = await openFileMailboxes(folder, now);
  const drafts = await openFileDrafts(folder, now);
  const folderSync = new FolderSync(submissions, now);
  const opened = await FileUploads.open(uploads, { folder: submissions, folderSync, suffix: SUFFIX }, now);
  return new FolderStore({ submissions, folderSync, incoming, now }, opened, mailboxes, drafts);
}

class FolderStore extends FileDrop implements FileStore {
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;
  readonly drafts: Drafts;

  constructor(places: DropPlaces, uploads: Uploads, mailboxes: Mailboxes, drafts: Drafts) {
    super(places);
    this.uploads = uploads;
    this.mailboxes = mailboxes;
    this.drafts = drafts;
  }
}
