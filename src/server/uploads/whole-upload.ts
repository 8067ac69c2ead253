import { MessageError, UnknownRecipientError } from "../../openpgp/index.js";
import type { Digests } from "../../store/index.js";
import type { Context } from "../context.js";
import { requireOurs } from "../recipients/index.js";
import type { ArrivingMessage } from "./arriving-message.js";
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
  const digests = judge(context, await arriving.take(id, offset));
  try {
    await store.uploads.finish(id, digests);
    log.mended("storing");
    return digests;
  } catch (cause) {
    log.failing("storing", "cannot_store", cause);
    throw new UploadRefusal("cannot_store", { cause });
  }
}

/**
 * Makes what has come whole the draft in `mailbox`, if it is a message with a password, and resolves when it would
 * survive a power failure. An upload that is a draft is forgotten: a client that lost the answer sends it again.
 * @throws UnacceptableUpload, UploadRefusal
 */
export async function storeDraft(
  { store, log }: Context,
  arriving: ArrivingUploads,
  id: string,
  mailbox: string,
): Promise<Digests> {
  const { stored, offset } = await store.uploads.state(id);
  if (stored !== null) throw new UploadRefusal("bad_request");
  const message = await arriving.take(id, offset, "password");
  const { digests } = finished(message);
  try {
    await store.drafts.put(mailbox, await store.uploads.read(id));
    await store.uploads.discard(id);
    log.mended("storing");
    return digests;
  } catch (cause) {
    log.failing("storing", "cannot_store", cause);
    throw new UploadRefusal("cannot_store", { cause });
  }
}

/** @throws UnacceptableUpload */
function finished(message: ArrivingMessage): ReturnType<ArrivingMessage["finish"]> {
  try {
    return message.finish();
  } catch (cause) {
    if (!(cause instanceof MessageError)) throw cause;
    throw new UnacceptableUpload(cause.code, "what came is no encrypted message", { cause });
  }
}

/** The digests of one encrypted message to hidden or known recipients. @throws UnacceptableUpload for anything else */
function judge({ recipients }: Context, message: ArrivingMessage): Digests {
  try {
    const { report, digests } = message.finish();
    requireOurs(report.recipients, recipients);
    return digests;
  } catch (cause) {
    if (!(cause instanceof MessageError || cause instanceof UnknownRecipientError)) throw cause;
    throw new UnacceptableUpload(cause.code, "what came is no encrypted message for us", { cause });
  }
}
