import { fieldsOf } from "./json-object.js";

/**
 * The mailbox and the key of replies. Both derive from the receipt code; only the encrypted submission carries them.
 */
export interface ReplyAddress {
  /** 32 characters of base32: 20 bytes. All that the store may learn of the address. */
  readonly mailbox: string;
  /** 52 characters of base32: 32 bytes. The OpenPGP password of every reply to this mailbox. */
  readonly key: string;
}

const MAILBOX = /^[a-z2-7]{32}$/;
/** 32 bytes are 51 characters of five bits, and one bit in the last. */
const KEY = /^[a-z2-7]{51}[aq]$/;

export function isMailboxId(text: string): boolean {
  return MAILBOX.test(text);
}

export function isReplyKey(text: string): boolean {
  return KEY.test(text);
}

/** The address in the member `reply` of a submission's record; null unless it is well-formed. */
export function readReplyAddress(value: unknown): ReplyAddress | null {
  const { mailbox, key } = fieldsOf(value);
  if (typeof mailbox !== "string" || typeof key !== "string") return null;
  return isMailboxId(mailbox) && isReplyKey(key) ? { mailbox, key } : null;
}
