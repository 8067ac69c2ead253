import { uploadStateText } from "../../core/index.js";
import type { ReceiptKey } from "../portal-keys/index.js";
import type { Answer } from "./tus/index.js";

/** ECDSA over the state that an answer tells; docs/FORMAT.md section 17. */
const SIGNATURE_HEADER = "Postern-Signature";

/**
 * The answer to a request about an upload, with a signature over how far that upload has come and the digest of what
 * was stored, so that the offline form knows it from whatever a relay makes up. An answer that tells no state stays as
 * it is.
 * @param id of the upload that was asked about; null where it was begun
 * @param blocks name of the header that has the digest
 */
export function withSignature(answer: Answer, id: string | null, blocks: string, key: ReceiptKey | null): Answer {
  const { headers } = answer;
  const place = id ?? /[0-9a-f]{32}$/.exec(headers.Location ?? "")?.[0] ?? null;
  // A new upload has nothing yet.
  const offset = headers["Upload-Offset"] ?? (id === null ? "0" : null);
  if (key === null || key.sign === null || place === null || offset === null) return answer;
  const text = uploadStateText({ id: place, offset, digest: headers[blocks] ?? null });
  return { ...answer, headers: { ...headers, [SIGNATURE_HEADER]: key.sign(text) } };
}
