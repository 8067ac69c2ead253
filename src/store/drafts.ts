/** A draft as the store knows it. */
export interface StoredDraft {
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** UTC day of storage, as YYYY-MM-DD. No finer time is kept. */
  readonly day: string;
}

/**
 * Encrypted drafts by mailbox, at most one in each. Anybody may put one, so that a lookup costs the same however many
 * there are. Every store passes tests/store/drafts-contract.ts.
 *
 * All methods throw StoreError. A malformed id counts as one that does not exist.
 */
export interface Drafts {
  /**
   * Stores `ciphertext` in place of what was there, and resolves only when it would survive a power failure. If
   * anything fails, nothing is left of it.
   * @throws StoreError `not_found` if `mailbox` is not a mailbox id; or the stream's own error
   */
  put(mailbox: string, ciphertext: ReadableStream<Uint8Array>): Promise<StoredDraft>;

  /** Null where there is none. */
  find(mailbox: string): Promise<StoredDraft | null>;

  /** The ciphertext from its byte `from` on. @throws StoreError `not_found` */
  get(mailbox: string, from?: number): Promise<ReadableStream<Uint8Array>>;

  /** @throws StoreError `not_found` */
  remove(mailbox: string): Promise<void>;

  /** Bytes of all drafts. */
  used(): Promise<number>;

  /** Removes every draft stored before the day `before`, as YYYY-MM-DD, and returns how many there were. */
  expire(before: string): Promise<number>;
}
