import type { StoredSubmission } from "./store.js";

/** How far an upload has come. */
export interface UploadState {
  /** Bytes that have arrived. */
  readonly offset: number;
  /** Total bytes, or null while the client has not declared them. */
  readonly size: number | null;
  /** The end of the day of the last append. No finer time is kept. */
  readonly activeBefore: Date;
  /** The stored submission, or null while the upload is in progress. */
  readonly stored: StoredUpload | null;
}

export interface StoredUpload {
  /** Bytes. */
  readonly bytes: number;
  /** SHA-256 of the ciphertext, in hex. */
  readonly sha256: string;
  /** Its digest by blocks, as core's BlockDigest computes it. */
  readonly blocks: string;
}

export type Digests = Omit<StoredUpload, "bytes">;

/**
 * Ciphertext that arrives in pieces, over several connections and across restarts of the server. An upload's id becomes
 * the id of its submission. All methods but `begin` throw StoreError `not_found` for an id that is neither in progress
 * nor stored recently.
 */
export interface Uploads {
  begin(id: string, size: number | null): Promise<void>;
  state(id: string): Promise<UploadState>;
  declareSize(id: string, size: number): Promise<void>;
  /**
   * Appends `pieces`. What arrived before an error stays.
   * @param offset from a call of {@link state} just before, which spares the store another lookup
   * @returns the new offset
   */
  append(id: string, pieces: AsyncIterable<Uint8Array>, offset?: number): Promise<number>;
  /** What has come, from the byte `from` on. */
  read(id: string, from?: number): Promise<ReadableStream<Uint8Array>>;
  /**
   * Turns the upload into a submission, and resolves only when it would survive a power failure. Idempotent.
   * @param digests of the whole ciphertext, which {@link state} returns from then on
   */
  finish(id: string, digests: Digests): Promise<StoredSubmission>;
  discard(id: string): Promise<void>;
  /**
   * Removes uploads whose last day ended at least 24 hours before `now`. Returns how many unfinished ones there were.
   */
  sweep(now: Date): Promise<number>;
  /** Bytes of all uploads in progress. @throws StoreError `io` */
  used(): Promise<number>;
  /** Free bytes, or null if the storage does not tell. */
  free(): Promise<number | null>;
}
