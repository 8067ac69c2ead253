export { type FileStore, openFileStore } from "./file-store.js";
export { isSubmissionId, type Store, type StoredSubmission, StoreError } from "./store.js";
export type { StoredUpload, UploadState, Uploads } from "./uploads.js";
