import { Fault, readReplyFileName } from "../core/index.js";
import { MAX_REPLY_MESSAGE_BYTES, messageGuard } from "../openpgp/index.js";
import type { Mailboxes, StoredReply } from "../store/index.js";

export class ImportReplyError extends Fault<"bad_name" | "too_large"> {}

/**
 * Stores an encrypted reply in the mailbox that its file name gives. Accepts only a message encrypted with a password.
 * @throws ImportReplyError, MessageError or StoreError; nothing is stored then
 */
export async function importReply(
  mailboxes: Mailboxes,
  name: string,
  content: ReadableStream<Uint8Array>,
): Promise<StoredReply & { readonly known: boolean }> {
  const about = readReplyFileName(name);
  if (about === null) {
    await content.cancel();
    throw new ImportReplyError("bad_name", "the name of a reply is a mailbox, a number and .reply.gpg");
  }
  let bytes = 0;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_MESSAGE_BYTES) throw new ImportReplyError("too_large", "this is too large for a reply");
      controller.enqueue(chunk);
    },
  });
  return mailboxes.putReply(about.mailbox, content.pipeThrough(bounded).pipeThrough(messageGuard("password")));
}
