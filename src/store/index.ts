export { openFileMailboxes } from "./file-mailboxes.js";
export { type FileStore, openFileStore } from "./file-store.js";
export type { Mailboxes, StoredReply } from "./mailboxes.js";
export { expireOldReplies } from "./retention.js";
export { isSubmissionId, type Store, type StoredSubmission, StoreError } from "./store.js";
export type { Digests, StoredUpload, UploadState, Uploads } from "./uploads.js";
