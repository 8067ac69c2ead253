export { GatheringWriter } from "./batching-writer.js";
export { openFileMailboxes } from "./file-mailboxes.js";
export { type FileStore, openFileStore } from "./file-store.js";
export { openFileSubmissions, SUFFIX as SUBMISSION_SUFFIX } from "./file-submissions.js";
export type { Mailboxes, StoredReply } from "./mailboxes.js";
export { nullIfNotFound } from "./not-found.js";
export { expireOldReplies } from "./retention.js";
export { isSubmissionId, type Store, type StoredSubmission, StoreError, type Submissions } from "./store.js";
export type { Digests, StoredUpload, UploadState, Uploads } from "./uploads.js";
