import { DeskError } from "./desk-error.js";
import type { Say } from "./words.js";

/** The message for a failed request to a worker. */
export function faultWords(say: Say, cause: unknown): string {
  const { code, detail } = cause instanceof DeskError ? cause : { code: "crashed", detail: "" };
  return say(`desk-fault-${code}`, { code: detail });
}
