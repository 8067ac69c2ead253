import type { ChosenAnswer } from "../core/index.js";
import type { Answers } from "../form/index.js";

/** Where the recipients' certificates are: on the server, or in the page itself. */
export type Keys = { readonly url: string } | { readonly armored: string };

/** What was written, as it goes into the archive. */
export interface Appeal {
  readonly form: { readonly id: string; readonly version: number };
  readonly language: string;
  readonly answers: Answers;
  readonly choices: Readonly<Record<string, ChosenAnswer>>;
  readonly letter: string;
  readonly documents: readonly File[];
  /** The code of an earlier submission that this one adds to, or null for a new one. */
  readonly code: string | null;
}

/** A reply as the page shows it; `text` is null if it cannot be opened. */
export interface ReplyView {
  readonly id: string;
  readonly day: string;
  readonly text: string | null;
  readonly files: readonly { readonly name: string; readonly content: Blob }[];
}

/** What the page tells the worker. */
export type Order =
  | {
      readonly kind: "prepare";
      readonly keys: Keys;
      /** The fingerprints that the page names. */
      readonly fingerprints: readonly string[];
      readonly portalSalt: string;
    }
  | { readonly kind: "send"; readonly endpoint: string; readonly appeal: Appeal }
  /** Encrypts into a file instead of sending. */
  | { readonly kind: "save"; readonly appeal: Appeal }
  | { readonly kind: "pause" | "resume" | "cancel" }
  /** Looks into the mailbox of a code, at the server's address. */
  | { readonly kind: "read"; readonly server: string; readonly code: string; readonly portalSalt: string }
  /** Removes a reply from the mailbox that was read last. */
  | { readonly kind: "remove"; readonly reply: string };

/** Why the client cannot be used, or why a submission was not taken. */
export type FailureCode =
  | "too_old"
  | "go_between"
  | "no_portal"
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

/** What an upload waits for: nothing; the line; the server's turn; or a task that the server has set. */
export type Line = "working" | "broken" | "busy" | "proving";

/** What the worker tells the page. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "sending"; readonly sent: number; readonly total: number }
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "storing" }
  /** The code is null for a submission that adds to an earlier one. */
  | { readonly kind: "stored"; readonly code: string | null }
  /** Whether the server has let go of what had been sent. */
  | { readonly kind: "cancelled"; readonly removed: boolean }
  | { readonly kind: "saved"; readonly file: Blob; readonly code: string | null }
  | { readonly kind: "replies"; readonly replies: readonly ReplyView[]; readonly removed: boolean }
  | { readonly kind: "unreachable" }
  | { readonly kind: "unready" | "failed"; readonly code: FailureCode };
