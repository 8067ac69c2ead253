/** How the name of a file with one reply ends. */
export const REPLY_SUFFIX = ".reply.gpg";

const NAME = /^([a-z2-7]{32})-([1-9][0-9]{0,5})\.reply\.gpg$/;

/**
 * The name under which the `number`-th reply to a mailbox, counted from 1, is carried to the server.
 * @param mailbox a mailbox id
 */
export function replyFileName(mailbox: string, number: number): string {
  return `${mailbox}-${number}${REPLY_SUFFIX}`;
}

/** What {@link replyFileName} made `name` of, or null if it did not. */
export function readReplyFileName(name: string): { readonly mailbox: string; readonly number: number } | null {
  const [, mailbox, number] = NAME.exec(name) ?? [];
  return mailbox === undefined ? null : { mailbox, number: Number(number) };
}
