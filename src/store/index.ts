export { type FileStore, openFileStore } from "./file-store.js";
export { isSubmissionId, type Store, type StoredSubmission, StoreError } from "./store.js";
export type { Digests, StoredUpload, UploadState, Uploads } from "./uploads.js";
