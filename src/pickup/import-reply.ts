import { Fault, readReplyFileName } from "../core/index.js";
import { MAX_REPLY_MESSAGE_BYTES, messageGuard } from "../openpgp/index.js";
import type { Mailboxes, StoredReply } from "../store/index.js";

export class BringReplyError extends Fault<"bad_name" | "too_large"> {}

/**
 * Puts an encrypted reply into the mailbox that its file's name says; only a message that is encrypted with a password passes.
 * @throws BringReplyError, MessageError or StoreError; then nothing is kept
 */
export async function bringReply(
  mailboxes: Mailboxes,
  name: string,
  content: ReadableStream<Uint8Array>,
): Promise<StoredReply & { readonly known: boolean }> {
  const about = readReplyFileName(name);
  if (about === null) {
    await content.cancel();
    throw new BringReplyError("bad_name", "the name of a reply is a mailbox, a number and .reply.gpg");
  }
  let bytes = 0;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_MESSAGE_BYTES) throw new BringReplyError("too_large", "this is too large for a reply");
      controller.enqueue(chunk);
    },
  });
  return mailboxes.putReply(about.mailbox, content.pipeThrough(bounded).pipeThrough(messageGuard("password")));
}
