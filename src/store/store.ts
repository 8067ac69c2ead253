import { Fault } from "../core/index.js";

/** `not_found`: no such id. `no_space`: the disk or quota is full. `io`: anything else the storage answered. */
export class StoreError extends Fault<"not_found" | "no_space" | "io"> {}

export interface StoredSubmission {
  /** 32 hex digits, random. */
  readonly id: string;
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** The day it was stored, UTC, as YYYY-MM-DD: nothing finer is kept. */
  readonly day: string;
}

/** What a store holds, for those who carry it away beside the running portal. */
export interface Submissions {
  /**
   * The ciphertext from the byte `from` on, up to the byte before `to`; all of it unless told.
   * @throws StoreError `not_found`
   */
  get(id: string, from?: number, to?: number): Promise<ReadableStream<Uint8Array>>;

  /** @throws StoreError `not_found` */
  find(id: string): Promise<StoredSubmission>;

  /** In the order of days, then ids. */
  list(): AsyncIterable<StoredSubmission>;

  /** @throws StoreError `not_found` */
  remove(id: string): Promise<void>;

  /** Bytes that can still be stored, or null where the storage does not say. */
  free(): Promise<number | null>;
}

/**
 * Where ciphertext rests. A store knows nothing of what it holds; that it holds only ciphertext is its callers' promise.
 * Every store passes tests/store/contract.ts.
 */
export interface Store extends Submissions {
  /**
   * Stores `ciphertext` under a new random id, and resolves only when it would survive a power failure. If the stream
   * fails, or anything else does, nothing is left of it.
   * @throws StoreError, or the stream's own error
   */
  put(ciphertext: ReadableStream<Uint8Array>): Promise<StoredSubmission>;
}

const ID = /^[0-9a-f]{32}$/;

export function isSubmissionId(id: string): boolean {
  return ID.test(id);
}

/** The order in which every store lists. */
export function byDay(left: StoredSubmission, right: StoredSubmission): number {
  if (left.day !== right.day) return left.day < right.day ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}
