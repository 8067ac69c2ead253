import { fileFault } from "../openpgp/index.js";
import { UploadError, type UploadFault } from "./upload.js";

/** Message ids: why a file was not forwarded, and where it is now, if that is sure. */
export interface ForwardFault {
  readonly words: string;
  readonly where: "encrypted-kept-here" | "fault-nothing-kept" | null;
}

const UPLOAD_FAULTS: Readonly<Record<Exclude<UploadFault, "lost" | "not_removed">, string>> = {
  too_large: "encrypted-fault-too_large",
  no_space: "encrypted-fault-no_space",
  refused: "encrypted-fault-cannot_store",
  key_expired: "client-fault-key_expired",
  digest_mismatch: "client-fault-digest_mismatch",
  blocked: "encrypted-blocked",
};
/** Why the server refuses what has passed the browser's own check. */
const OF_RECIPIENTS: ReadonlySet<unknown> = new Set(["unknown_recipient", "foreign_key"]);

/**
 * What an error of checking or sending a file means to the person.
 * @param before whether nothing has been sent yet
 */
export function forwardFault(cause: unknown, before: boolean): ForwardFault {
  const where = before ? "encrypted-kept-here" : null;
  if (cause instanceof UploadError) {
    if (OF_RECIPIENTS.has(cause.cause)) {
      return { words: `encrypted-fault-${cause.cause}`, where: "fault-nothing-kept" };
    }
    return { words: UPLOAD_FAULTS[cause.code as keyof typeof UPLOAD_FAULTS], where };
  }
  const fault = fileFault(cause);
  // The server's own words would say that the key has passed through it.
  if (fault === "secret_key") return { words: "encrypted-secret-here", where };
  if (fault !== null) return { words: `encrypted-fault-${fault}`, where };
  // Browsers fail so where a file was deleted, moved or changed since it was chosen.
  if (cause instanceof DOMException) return { words: "encrypted-unreadable", where };
  return { words: "encrypted-fault-cannot_store", where };
}
