import type { ChosenAnswer } from "../core/index.js";
import type { Answers } from "../form/index.js";

/** The recipients' certificates, and the server's time in milliseconds where it came with them. */
export interface Keys {
  readonly armored: string;
  readonly there: number | null;
}

/** A complete letter with its documents, ready for the archive. */
export interface Appeal {
  readonly form: { readonly id: string; readonly version: number };
  readonly language: string;
  readonly answers: Answers;
  readonly choices: Readonly<Record<string, ChosenAnswer>>;
  readonly letter: string;
  readonly documents: readonly File[];
  /** The receipt code of the submission that this one adds to, or null for a new one. */
  readonly code: string | null;
}

/** A reply as the page shows it; `text` is null if decryption failed. */
export interface ReplyView {
  readonly id: string;
  readonly day: string;
  readonly text: string | null;
  /** The day on which staff opened the letter, if this is the notice of that. */
  readonly opened: string | null;
  readonly files: readonly { readonly name: string; readonly content: Blob }[];
}

/** From the page to the worker. */
export type Command =
  | {
      readonly kind: "prepare";
      readonly keys: Keys;
      /** As the page lists them: the certificates must match. */
      readonly fingerprints: readonly string[];
      readonly portalSalt: string;
      /** Where to ask whether a portal is there, and what time it is; null where that is known, or nobody is. */
      readonly endpoint: string | null;
      /** Whether letters become files, or go by ways that the portal's time does not come back by. */
      readonly offline: boolean;
    }
  /**
   * `narrow`: whether the network is known to cut connections short; `offline`: whether the offline form sends, which
   * makes a file where no way leads to the portal.
   */
  | {
      readonly kind: "send";
      readonly endpoint: string;
      readonly appeal: Appeal;
      readonly narrow: boolean;
      readonly offline?: boolean;
    }
  /** Encrypts into a file instead of sending. */
  | { readonly kind: "save"; readonly appeal: Appeal }
  /** `keep` stops sending, and encrypts the same letter into a file instead. */
  | { readonly kind: "pause" | "resume" | "cancel" | "keep" }
  /**
   * Fetches and decrypts the replies to a receipt code, or the draft with a number. `server` is an address,
   * `portalSalt` 32 hex digits.
   */
  | {
      readonly kind: "read";
      readonly draft: boolean;
      readonly server: string;
      readonly code: string;
      readonly portalSalt: string;
      readonly narrow: boolean;
    }
  /** Encrypts a draft's text under a new number, and sends it to `endpoint` unless that is null. */
  | {
      readonly kind: "keep-draft";
      readonly text: string;
      readonly portalSalt: string;
      readonly endpoint: string | null;
      readonly narrow: boolean;
    }
  | { readonly kind: "open-draft"; readonly code: string; readonly portalSalt: string; readonly file: Blob }
  /** Deletes a reply, by id, from the mailbox read last. */
  | { readonly kind: "remove"; readonly reply: string };

/** Why the client cannot be used, or why a submission failed. Each has words in every language. */
export const FAILURE_CODES = [
  "too_old",
  "script_changed",
  "insecure",
  "go_between",
  "no_portal",
  "keys_unreachable",
  "keys_changed",
  "clock",
  "self_test",
  "file_unreadable",
  "too_large",
  "no_space",
  "key_expired",
  "refused",
  "blocked",
  "digest_mismatch",
  "internal",
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** Why the client could not be loaded. Its first script throws errors that are not of the client's own classes. */
export function loadFailure(cause: unknown): FailureCode {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "keys_unreachable" || code === "keys_changed") return code;
  return code === "changed" ? "script_changed" : "too_old";
}

/**
 * State of an upload: running, running in small pieces, without a connection, waiting for a busy server, or computing a
 * proof of work.
 */
export type Line = "working" | "narrow" | "broken" | "busy" | "proving";

/** From the worker to the page. Sizes are in bytes. */
export type Report =
  /** `until`: of the offline form, until when what it makes can be opened for sure, ms; null for no such end. */
  | { readonly kind: "ready"; readonly until: number | null }
  | { readonly kind: "sending"; readonly sent: number; readonly total: number }
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "storing" }
  /** `code` is null for a follow-up, whose submitter has the code already. */
  | { readonly kind: "stored"; readonly code: string | null }
  /** `removed`: whether the server has deleted the partial upload. */
  | { readonly kind: "cancelled"; readonly removed: boolean }
  /** `until`: until when the file can be opened for sure, ms; null for no such end. */
  | { readonly kind: "saved"; readonly file: Blob; readonly code: string | null; readonly until: number | null }
  | { readonly kind: "replies"; readonly replies: readonly ReplyView[]; readonly removed: boolean }
  | { readonly kind: "unreachable" }
  | { readonly kind: "draft"; readonly code: string; readonly file: Blob }
  | { readonly kind: "unready" | "failed"; readonly code: FailureCode };
