import type { CaseDocument } from "./case.js";

/** What can show a document: the browser's own decoders, or ours for HEIC and PDF. */
export type Engine = "picture" | "heif" | "pdf";

export const ENGINES: readonly Engine[] = ["picture", "heif", "pdf"];
const HEIF_TYPES = /^image\/hei[cf](?:-sequence)?$/;

/** What can show this document, or null: whatever its name and its content disagree about is not shown. */
export function engineOf({
  type,
  picture,
  warnings,
}: Pick<CaseDocument, "type" | "picture" | "warnings">): Engine | null {
  if (warnings.length > 0) return null;
  if (picture) return "picture";
  if (type === "application/pdf") return "pdf";
  return HEIF_TYPES.test(type ?? "") ? "heif" : null;
}
