import type { Drafts, Mailboxes, Store, Uploads } from "../store/index.js";

/** A store that takes ciphertext in pieces, and holds replies and drafts. */
export interface UploadStore extends Store {
  readonly mailboxes: Mailboxes;
  readonly drafts: Drafts;
  readonly uploads: Uploads;
}
