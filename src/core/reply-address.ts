import { fieldsOf } from "./json-object.js";

/** Where a reply goes and what it is encrypted with. Both come from the receipt code; only a submission carries them. */
export interface ReplyAddress {
  /** 32 characters of base32: 20 bytes. Names a mailbox in the store, and is all that the store may know. */
  readonly mailbox: string;
  /** 52 characters of base32: 32 bytes. The password of every reply to that mailbox. */
  readonly key: string;
}

const MAILBOX = /^[a-z2-7]{32}$/;
/** The last character carries one bit: 32 bytes are 51 times five bits and one. */
const KEY = /^[a-z2-7]{51}[aq]$/;

export function isMailboxId(text: string): boolean {
  return MAILBOX.test(text);
}

export function isReplyKey(text: string): boolean {
  return KEY.test(text);
}

/** The address in what a submission's record says under `reply`, or null unless that is exactly well-formed. */
export function readReplyAddress(value: unknown): ReplyAddress | null {
  const { mailbox, key } = fieldsOf(value);
  if (typeof mailbox !== "string" || typeof key !== "string") return null;
  return isMailboxId(mailbox) && isReplyKey(key) ? { mailbox, key } : null;
}
