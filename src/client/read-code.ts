import { parseReceiptCode, ReceiptCodeError, type ReceiptCodeFault } from "../core/index.js";

type ReadCode =
  | { readonly code: string; readonly fault: null }
  | { readonly code: null; readonly fault: ReceiptCodeFault };

/** The 20-digit receipt code in `typed`, or its fault. */
export function readCode(typed: string): ReadCode {
  try {
    return { code: parseReceiptCode(typed), fault: null };
  } catch (cause) {
    if (cause instanceof ReceiptCodeError) return { code: null, fault: cause.code };
    throw cause;
  }
}
