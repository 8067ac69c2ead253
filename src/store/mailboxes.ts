/** A reply as the store knows it. */
export interface StoredReply {
  /** 32 hex digits: the beginning of the ciphertext's SHA-256. */
  readonly id: string;
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** The day it was stored, UTC, as YYYY-MM-DD: nothing finer is kept. */
  readonly day: string;
}

/**
 * Replies by mailbox, as ciphertext. A mailbox is nothing but a name: one that nobody has is one that nothing was ever put
 * into, and neither can be told from one that is empty. Every store passes tests/store/mailboxes-contract.ts.
 *
 * All methods throw StoreError. An id that is not well-formed is one that is not there.
 */
export interface Mailboxes {
  /**
   * 16 random bytes, made when they are first asked for and the same ever after, for every process: what is derived from a
   * receipt code depends on them.
   */
  portalSalt(): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * Stores `ciphertext`, and resolves only when it would survive a power failure. If the stream fails, or anything else
   * does, nothing is left of it. The same ciphertext put again is the same reply, with its old day: then `known` is true.
   * @throws StoreError `not_found` if `mailbox` is not a mailbox id; or the stream's own error
   */
  putReply(mailbox: string, ciphertext: ReadableStream<Uint8Array>): Promise<StoredReply & { readonly known: boolean }>;

  /** In the order of days, then ids. */
  listReplies(mailbox: string): Promise<readonly StoredReply[]>;

  /** @throws StoreError `not_found` */
  getReply(mailbox: string, id: string): Promise<ReadableStream<Uint8Array>>;

  /** @throws StoreError `not_found` */
  removeReply(mailbox: string, id: string): Promise<void>;

  /**
   * Removes every reply stored before the day `before`, and returns how many there were.
   * @throws RangeError unless `before` is a day, as YYYY-MM-DD
   */
  expireReplies(before: string): Promise<number>;
}
