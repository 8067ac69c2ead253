import type { Mailboxes, Store, Uploads } from "../store/index.js";

/** A store that takes ciphertext in pieces, and holds replies. */
export interface UploadStore extends Store {
  readonly mailboxes: Mailboxes;
  readonly uploads: Uploads;
}
