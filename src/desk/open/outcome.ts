import { Fault } from "../../core/index.js";
import type { Place } from "./case-folders.js";

/**
 * `crashed`: the worker ended, or did not make sense. `stalled`: no progress for a long time. `stopped`: the run was
 * broken off.
 */
export class OpenError extends Fault<
  "unreadable" | "cannot_write" | "no_space" | "crashed" | "out_of_memory" | "stalled" | "stopped"
> {}

/** What a failed write to the folder of cases means. */
export function writeFault(cause: unknown): OpenError {
  if (cause instanceof OpenError) return cause;
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  return code === "ENOSPC" || code === "EDQUOT"
    ? new OpenError("no_space", "the disk is full", { cause })
    : new OpenError("cannot_write", "the folder of cases cannot be written to", { cause });
}

/**
 * The result for one file: `opened` into `folder`, `known` because an earlier run opened it into `folder`, or `failed`.
 * `moved` is about a folder, `file`, that was moved into the case that it belongs to.
 */
export type Outcome =
  | {
      readonly kind: "opened";
      readonly file: string;
      readonly sha256: string;
      readonly folder: string;
      readonly place: Place;
      /** Whether a person encrypted it with a program of their own. */
      readonly foreign?: boolean;
    }
  | { readonly kind: "known"; readonly file: string; readonly sha256: string; readonly folder: string }
  | { readonly kind: "moved"; readonly file: string; readonly folder: string }
  | { readonly kind: "failed"; readonly file: string; readonly cause: Fault<string> };

/** Every failure has a code: an error that is none of ours counts as a crash. */
export function failed(file: string, cause: unknown): Outcome {
  if (cause instanceof Fault) return { kind: "failed", file, cause };
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: "failed", file, cause: new OpenError("crashed", message, { cause }) };
}
