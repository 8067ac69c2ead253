import { type CaseRecord, isCaseId } from "../../cases/index.js";
import { fieldsOf } from "../../core/index.js";

/**
 * A worker's message about the request with this id. `read` counts bytes of ciphertext, `written` bytes of plaintext
 * on the disk, both since its last message.
 */
export type OpenReport = { readonly id: number } & (
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "written"; readonly bytes: number }
  | { readonly kind: "opened"; readonly record: CaseRecord; readonly bytes: number }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string }
);

/** Bytes between two reports of progress. */
export const REPORT_BYTES = 1024 * 1024;

/** The report that a worker has posted, or null: what runs there has read hostile input. */
export function readReport(message: unknown): OpenReport | null {
  const { id, kind, bytes, record, code, message: words } = fieldsOf(message);
  if (!isCount(id)) return null;
  if (kind === "failed") {
    const known = (code === null || typeof code === "string") && typeof words === "string";
    return known ? { id, kind, code, message: words } : null;
  }
  if (!isCount(bytes)) return null;
  if (kind === "opened") return isRecord(record) ? { id, kind, record, bytes } : null;
  if (kind === "read") return bytes > 0 ? { id, kind, bytes } : null;
  return kind === "written" && bytes >= REPORT_BYTES ? { id, kind, bytes } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRecord(value: unknown): value is CaseRecord {
  const { caseId, address, followUp, names } = fieldsOf(value);
  const { mailbox, key } = fieldsOf(address);
  const addressed = address === null || (typeof mailbox === "string" && typeof key === "string");
  return isCaseId(caseId) && addressed && typeof followUp === "boolean" && names instanceof Map;
}
