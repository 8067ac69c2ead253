import { MessageError } from "../../openpgp/index.js";
import type { Digests } from "../../store/index.js";
import type { Context } from "../context.js";
import { isForRecipients } from "../known-recipients.js";
import type { UploadStore } from "../upload-store.js";
import { ArrivingMessage } from "./arriving-message.js";
import type { ArrivingUploads } from "./arriving-uploads.js";
import { UnacceptableUpload, UploadRefusal } from "./tus/index.js";

/**
 * Makes what has come whole a submission, if it is one, and resolves when it would survive a power failure.
 * @throws UnacceptableUpload, UploadRefusal
 */
export async function storeWhole(context: Context, arriving: ArrivingUploads, id: string): Promise<Digests> {
  const { store, log } = context;
  const { stored, offset } = await store.uploads.state(id);
  if (stored !== null) return stored;
  const message = arriving.take(id, offset) ?? (await readAgain(store, id));
  const digests = await judge(context, id, message);
  try {
    await store.uploads.finish(id, digests);
    log.mended("storing");
    return digests;
  } catch (cause) {
    log.failing("storing", "cannot_store", cause);
    throw new UploadRefusal("cannot_store", { cause });
  }
}

/** For an upload that was not followed from its beginning to its end. */
async function readAgain({ uploads }: UploadStore, id: string): Promise<ArrivingMessage> {
  const message = new ArrivingMessage();
  for await (const chunk of await uploads.read(id)) message.push(chunk);
  return message;
}

/** Is it one encrypted message, to nobody but hidden or known recipients? What is not is removed. */
async function judge({ store, recipients }: Context, id: string, message: ArrivingMessage): Promise<Digests> {
  try {
    const { report, digests } = message.finish();
    if (isForRecipients(report, recipients)) return digests;
  } catch (cause) {
    if (!(cause instanceof MessageError)) throw cause;
    await store.uploads.discard(id);
    throw new UnacceptableUpload(cause.code, "what came is no encrypted message", { cause });
  }
  await store.uploads.discard(id);
  throw new UnacceptableUpload("unknown_recipient", "what came is for somebody else");
}
