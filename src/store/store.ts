import { Fault } from "../core/index.js";

/** `not_found`: no such id. `no_space`: the disk or quota is full. `io`: any other error of the storage. */
export class StoreError extends Fault<"not_found" | "no_space" | "io"> {}

export interface StoredSubmission {
  /** 32 hex digits, random. */
  readonly id: string;
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** UTC day of storage, as YYYY-MM-DD. No finer time is kept. */
  readonly day: string;
}

/** The submissions in a store, for whoever collects them while the portal runs. */
export interface Submissions {
  /**
   * The ciphertext from byte `from` up to, not including, byte `to`; by default all of it.
   * @throws StoreError `not_found`
   */
  get(id: string, from?: number, to?: number): Promise<ReadableStream<Uint8Array>>;

  /** @throws StoreError `not_found` */
  find(id: string): Promise<StoredSubmission>;

  /** Sorted by day, then id. */
  list(): AsyncIterable<StoredSubmission>;

  /** @throws StoreError `not_found` */
  remove(id: string): Promise<void>;

  /** Free bytes, or null if the storage does not tell. */
  free(): Promise<number | null>;
}

/**
 * Stores ciphertext. A store does not look at its contents: that they are ciphertext is its callers' promise. Every
 * store passes tests/store/contract.ts.
 */
export interface Store extends Submissions {
  /**
   * Stores `ciphertext`, and resolves only when it would survive a power failure. If anything fails, nothing is left of
   * it.
   * @param id 32 hex digits that no submission in the store has; random unless given
   * @throws StoreError, or the stream's own error
   */
  put(ciphertext: ReadableStream<Uint8Array>, id?: string): Promise<StoredSubmission>;
}

const ID = /^[0-9a-f]{32}$/;

export function isSubmissionId(id: string): boolean {
  return ID.test(id);
}

/** Compares by day, then id. */
export function byDay(left: StoredSubmission, right: StoredSubmission): number {
  if (left.day !== right.day) return left.day < right.day ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}
