import { DeskError } from "./desk-worker.js";
import type { Say } from "./words.js";

/** What to say when an order to a worker failed. */
export function faultWords(say: Say, cause: unknown): string {
  const { fault, detail } = cause instanceof DeskError ? cause : { fault: "internal", detail: "" };
  return say(`desk-fault-${fault}`, { code: detail });
}
