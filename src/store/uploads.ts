import type { StoredSubmission } from "./store.js";

/** How far an upload has come. */
export interface UploadState {
  /** Bytes that have arrived. */
  readonly offset: number;
  /** Bytes there will be, or null while the client has not said. */
  readonly size: number | null;
  /** The first moment after the day on which it last grew: nothing finer is kept. */
  readonly activeBefore: Date;
  /** What it was stored as, or null while it has not been. */
  readonly stored: StoredUpload | null;
}

export interface StoredUpload {
  /** Bytes. */
  readonly bytes: number;
  /** SHA-256 of what was stored, in hex. */
  readonly sha256: string;
  /** The same by blocks, as core's BlockDigest makes it. */
  readonly blocks: string;
}

export type Digests = Omit<StoredUpload, "bytes">;

/**
 * Ciphertext that arrives in pieces, over several connections and through restarts of the server. Like the store, it
 * knows nothing of what it holds. An upload has the id that its submission will have.
 * All methods but `begin` throw StoreError `not_found` for an id that is not under way and has not been stored lately.
 */
export interface Uploads {
  begin(id: string, size: number | null): Promise<void>;
  state(id: string): Promise<UploadState>;
  declareSize(id: string, size: number): Promise<void>;
  /**
   * Adds what `pieces` yield at the end, as far as they come: what has arrived before an error stays.
   * @param offset what {@link state} has said a moment ago, so that a store need not ask itself again
   * @returns the new offset
   */
  append(id: string, pieces: AsyncIterable<Uint8Array>, offset?: number): Promise<number>;
  /** What has come, from the byte `from` on. */
  read(id: string, from?: number): Promise<ReadableStream<Uint8Array>>;
  /**
   * Makes the upload a submission of the store, and resolves only when it would survive a power failure. Doing so again is
   * harmless.
   * @param digests of the whole, kept for who asks again
   */
  finish(id: string, digests: Digests): Promise<StoredSubmission>;
  discard(id: string): Promise<void>;
  /** Removes what last grew, or was stored, on a day that ended 24 hours or more before `now`. Returns how many uploads it gave up. */
  sweep(now: Date): Promise<number>;
  /** Bytes of all that is under way. @throws StoreError `io` */
  used(): Promise<number>;
  /** Bytes that can still be stored, or null where the storage does not say. */
  free(): Promise<number | null>;
}
