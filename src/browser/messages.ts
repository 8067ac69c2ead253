import type { Answers } from "../form/index.js";

/** What the page tells the worker. */
export type Order =
  | {
      readonly kind: "prepare";
      /** Where the recipients' certificates are, and the fingerprints that the page names. */
      readonly keys: string;
      readonly fingerprints: readonly string[];
    }
  | {
      readonly kind: "send";
      readonly endpoint: string;
      readonly form: { readonly id: string; readonly version: number };
      readonly language: string;
      readonly answers: Answers;
      readonly letter: string;
      readonly documents: readonly File[];
    }
  | { readonly kind: "pause" | "resume" | "cancel" };

/** Why the client cannot be used, or why a submission was not taken. */
export type FailureCode =
  | "too_old"
  | "keys_unreachable"
  | "keys_changed"
  | "self_test"
  | "file_unreadable"
  | "too_large"
  | "no_space"
  | "key_expired"
  | "refused"
  | "digest_mismatch"
  | "internal";

/** What the worker tells the page. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "sending"; readonly sent: number; readonly total: number }
  | { readonly kind: "line"; readonly working: boolean }
  | { readonly kind: "storing" | "stored" | "cancelled" }
  | { readonly kind: "unready" | "failed"; readonly code: FailureCode };
