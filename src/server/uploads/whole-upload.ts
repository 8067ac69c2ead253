import { MessageError, UnknownRecipientError } from "../../openpgp/index.js";
import type { Digests } from "../../store/index.js";
import type { Context } from "../context.js";
import { requireOurs } from "../known-recipients.js";
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
