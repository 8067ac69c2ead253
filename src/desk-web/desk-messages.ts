import type { Opened } from "../cases/index.js";
import type { ReplyAddress } from "../core/index.js";
import type { DecryptFault, KeyFileFault, KeyPart } from "../openpgp/index.js";

/** A request from the page to a worker, which handles one at a time. */
export type DeskRequest =
  | {
      readonly kind: "unlock";
      readonly files: readonly File[];
      readonly passphrase: string;
      /** Fingerprints of the parts that are open already. */
      readonly open: readonly string[];
    }
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

/** The keys of all later requests, to which a worker does not respond. */
export interface DeskKeys {
  readonly kind: "keys";
  /** Bodies of unlocked packets. */
  readonly bodies: readonly Uint8Array[];
  readonly closed: readonly KeyPart[];
}

export interface DeskResults {
  readonly unlock: Unlocked;
  readonly open: OpenedFile;
  readonly document: Blob;
  readonly archive: Blob;
  readonly picture: ImageBitmap;
  readonly reply: Blob;
}

/** What a passphrase has opened in files of keys, and what it has not. */
export interface Unlocked {
  /** Bodies of the packets that are open now and were not before. */
  readonly bodies: readonly Uint8Array[];
  readonly open: readonly KeyPart[];
  readonly closed: readonly KeyPart[];
  readonly notices: readonly KeyNotice[];
}

/** A file that adds nothing to the keys, or not everything that it holds. */
export interface KeyNotice {
  readonly file: string;
  readonly fault: KeyFileFault | "unreadable" | "partly_damaged";
}

export interface OpenedFile extends Opened {
  /** Digest of the ciphertext by blocks, 64 hex digits. */
  readonly blocksSha256: string;
}

export type DeskFault =
  | DecryptFault
  | "bad_archive"
  | "too_large"
  | "reply_too_large"
  | "not_a_picture"
  | "out_of_memory"
  | "crashed"
  | "stalled"
  | "stopped";

/** Every fault, to recognise one that a worker reports. */
export const DESK_FAULTS: Readonly<Record<DeskFault, true>> = {
  not_a_message: true,
  no_matching_key: true,
  damaged: true,
  too_many_recipients: true,
  unreadable: true,
  empty: true,
  truncated: true,
  trailing_data: true,
  not_encrypted: true,
  password_encrypted: true,
  unsupported: true,
  bad_armor: true,
  locked_key: true,
  card_key: true,
  too_compressed: true,
  bad_archive: true,
  too_large: true,
  reply_too_large: true,
  not_a_picture: true,
  out_of_memory: true,
  crashed: true,
  stalled: true,
  stopped: true,
};

export type DeskResponse =
  /** Progress, perhaps by no bytes. */
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "done"; readonly value: unknown }
  /** `detail` is one of our error codes, such as `unsafe_path`. */
  | { readonly kind: "failed"; readonly fault: DeskFault; readonly detail: string };
