/** Suffix of a reply's file name. */
export const REPLY_SUFFIX = ".reply.gpg";

const NAME = /^([a-z2-7]{32})-([1-9][0-9]{0,5})\.reply\.gpg$/;

/**
 * The file name of an encrypted reply on its way to the server.
 * @param mailbox a mailbox id
 * @param number from 1, counts the replies to this mailbox
 */
export function replyFileName(mailbox: string, number: number): string {
  return `${mailbox}-${number}${REPLY_SUFFIX}`;
}

/** The parts of a name made by {@link replyFileName}; null for any other name. */
export function readReplyFileName(name: string): { readonly mailbox: string; readonly number: number } | null {
  const [, mailbox, number] = NAME.exec(name) ?? [];
  return mailbox === undefined ? null : { mailbox, number: Number(number) };
}
