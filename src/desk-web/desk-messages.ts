import type { Opened } from "../cases/index.js";
import type { ReplyAddress } from "../core/index.js";

/** A request from the page to a worker, which handles one at a time. */
export type DeskRequest =
  | { readonly kind: "unlock"; readonly files: readonly File[]; readonly passphrase: string }
  | { readonly kind: "open"; readonly file: File }
  /** One document, or its first `maxBytes` bytes. */
  | { readonly kind: "document"; readonly file: File; readonly path: string; readonly maxBytes: number | null }
  | { readonly kind: "archive"; readonly file: File }
  | { readonly kind: "picture"; readonly file: File; readonly path: string }
  | {
      readonly kind: "reply";
      readonly address: ReplyAddress;
      readonly text: string;
      readonly attachments: readonly File[];
    };

export interface DeskResults {
  /** Fingerprints of the unlocked keys, 40 or 64 hex digits. */
  readonly unlock: readonly string[];
  readonly open: OpenedFile;
  readonly document: Blob;
  readonly archive: Blob;
  readonly picture: ImageBitmap;
  readonly reply: Blob;
}

export interface OpenedFile extends Opened {
  /** Digest of the ciphertext by blocks, 64 hex digits. */
  readonly blocksSha256: string;
}

export type DeskFault =
  | "no_secret_key"
  | "wrong_passphrase"
  | "no_matching_key"
  | "not_a_message"
  | "damaged"
  | "too_compressed"
  | "too_many_recipients"
  | "bad_archive"
  | "unreadable"
  | "too_large"
  | "not_a_picture"
  | "internal";

export type DeskResponse =
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "done"; readonly value: unknown }
  /** `detail` is one of our error codes, such as `unsafe_path`. */
  | { readonly kind: "failed"; readonly fault: DeskFault; readonly detail: string };
