import type { Say } from "./words.js";
import { DeskError } from "./worker-pool.js";

/** The message for a failed request to a worker. */
export function faultWords(say: Say, cause: unknown): string {
  const { fault, detail } = cause instanceof DeskError ? cause : { fault: "crashed", detail: "" };
  return say(`desk-fault-${fault}`, { code: detail });
}
