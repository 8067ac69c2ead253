import type { Say } from "./words.js";
import { DeskError } from "./worker-pool.js";

/** What to say when an order to a worker failed. */
export function faultWords(say: Say, cause: unknown): string {
  const { fault, detail } = cause instanceof DeskError ? cause : { fault: "internal", detail: "" };
  return say(`desk-fault-${fault}`, { code: detail });
}
