import { Fault } from "../../core/index.js";
import type { Place } from "./case-folders.js";

export class OpenError extends Fault<"unreadable" | "cannot_write"> {}

/**
 * The result for one file: `opened` into `folder`, `known` because an earlier run opened it into `folder`, or `failed`.
 * `moved` is about a folder, `file`, of a follow-up that was moved to its first case.
 */
export type Outcome =
  | {
      readonly kind: "opened";
      readonly file: string;
      readonly sha256: string;
      readonly folder: string;
      readonly place: Place;
    }
  | { readonly kind: "known"; readonly file: string; readonly sha256: string; readonly folder: string }
  | { readonly kind: "moved"; readonly file: string; readonly folder: string }
  | { readonly kind: "failed"; readonly file: string; readonly cause: Error };

export function failed(file: string, cause: unknown): Outcome {
  return { kind: "failed", file, cause: cause instanceof Error ? cause : new Error(String(cause)) };
}
