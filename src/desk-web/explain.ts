import { ArchiveError, Fault, ReplyError } from "../core/index.js";
import { DecryptError } from "../openpgp/index.js";
import type { DeskFault } from "./desk-messages.js";
import { KeyWorkError } from "./key-work-error.js";
import { PictureError } from "./thumbnail.js";

/** The fault of a request for which a worker threw `cause`. */
export function explain(cause: unknown): { readonly fault: DeskFault; readonly detail: string } {
  if (cause instanceof DecryptError || cause instanceof PictureError) return { fault: cause.code, detail: "" };
  if (cause instanceof KeyWorkError) return { fault: cause.code, detail: "" };
  if (cause instanceof ReplyError) return { fault: "reply_too_large", detail: "" };
  if (cause instanceof ArchiveError) return { fault: "bad_archive", detail: cause.code };
  // The file was moved or changed, or its medium was removed.
  if (cause instanceof DOMException) return { fault: "unreadable", detail: cause.name };
  // Both Chromium and Firefox report a failed allocation like this.
  if (cause instanceof RangeError) return { fault: "out_of_memory", detail: "" };
  if (cause instanceof Fault && cause.cause !== undefined) return explain(cause.cause);
  return { fault: "crashed", detail: cause instanceof Error ? cause.name : "" };
}
