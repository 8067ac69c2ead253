import { fieldsOf } from "../core/index.js";
import { MAX_PIXELS } from "./limits.js";

/**
 * `locked`: it asks for a password. The page itself finds `slow` and `crashed`, and ends the worker then. `missing`:
 * this copy holds nothing that draws such a file.
 */
export type RenderFault = "unreadable" | "too_large" | "locked" | "slow" | "crashed" | "missing";

/** From the page to an engine's worker, which handles one at a time. */
export type RenderRequest =
  | { readonly kind: "open"; readonly file: Blob }
  /** From 0. */
  | { readonly kind: "draw"; readonly page: number };

export type RenderResponse =
  | { readonly kind: "opened"; readonly pages: number }
  | { readonly kind: "drawn"; readonly bitmap: ImageBitmap }
  | { readonly kind: "failed"; readonly fault: RenderFault };

function isBitmap(value: unknown): value is ImageBitmap {
  return typeof ImageBitmap !== "undefined" && value instanceof ImageBitmap && value.width * value.height <= MAX_PIXELS;
}

/** What a worker has posted, or null: what runs there has read hostile input. */
export function readResponse(message: unknown): RenderResponse | null {
  const { kind, pages, bitmap, fault } = fieldsOf(message);
  if (kind === "opened")
    return Number.isSafeInteger(pages) && Number(pages) > 0 ? { kind, pages: Number(pages) } : null;
  if (kind === "drawn") return isBitmap(bitmap) ? { kind, bitmap } : null;
  if (kind !== "failed") return null;
  return fault === "unreadable" || fault === "too_large" || fault === "locked" ? { kind, fault } : null;
}
