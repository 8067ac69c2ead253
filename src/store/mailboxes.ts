/** A reply as the store knows it. */
export interface StoredReply {
  /** 32 hex digits: the first half of the ciphertext's SHA-256. */
  readonly id: string;
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** UTC day of storage, as YYYY-MM-DD. No finer time is kept. */
  readonly day: string;
}

/**
 * Encrypted replies by mailbox. A mailbox is only a name: one that nobody owns, one never used and an empty one are
 * indistinguishable. Every store passes tests/store/mailboxes-contract.ts.
 *
 * All methods throw StoreError. A malformed id counts as one that does not exist.
 */
export interface Mailboxes {
  /**
   * 16 random bytes, created on the first call and the same ever after, for every process. All that is derived from
   * receipt codes depends on them.
   */
  portalSalt(): Promise<Uint8Array<ArrayBuffer>>;

  /** The salt, or null where none has been created yet. */
  storedSalt(): Promise<Uint8Array<ArrayBuffer> | null>;

  /** Makes `salt` the portal's, unless it has one. Returns the one that counts. */
  adoptSalt(salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * Stores `ciphertext`, and resolves only when it would survive a power failure. If anything fails, nothing is left of
   * it. The same ciphertext put again is the same reply and keeps its day: then `known` is true.
   * @throws StoreError `not_found` if `mailbox` is not a mailbox id; or the stream's own error
   */
  putReply(mailbox: string, ciphertext: ReadableStream<Uint8Array>): Promise<StoredReply & { readonly known: boolean }>;

  /** Sorted by day, then id. */
  listReplies(mailbox: string): Promise<readonly StoredReply[]>;

  /** The replies of all mailboxes, in no order. */
  allReplies(): AsyncIterable<StoredReply & { readonly mailbox: string }>;

  /** The ciphertext from its byte `from` on. @throws StoreError `not_found` */
  getReply(mailbox: string, id: string, from?: number): Promise<ReadableStream<Uint8Array>>;

  /** @throws StoreError `not_found` */
  removeReply(mailbox: string, id: string): Promise<void>;

  /**
   * Removes every reply stored before the day `before`, and returns how many there were.
   * @throws RangeError unless `before` is a day, as YYYY-MM-DD
   */
  expireReplies(before: string): Promise<number>;
}
