import type { Opened } from "../cases/index.js";
import type { ReplyAddress } from "../core/index.js";
import type { DecryptFault, KeyFileFault, KeyPart } from "../openpgp/index.js";
import type { KeyWorkFault } from "./key-work-error.js";
import type { KeyWork } from "./made-file.js";

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
  | ({ readonly kind: "key-work" } & KeyTask)
  | {
      readonly kind: "reply";
      readonly address: ReplyAddress;
      readonly text: string;
      readonly attachments: readonly File[];
    };

/** What to do with keys; `postern keys` has the same commands. */
export type KeyTask =
  | { readonly task: "single"; readonly name: string; readonly passphrase: string }
  | { readonly task: "make"; readonly name: string; readonly passphrase: string; readonly count: number }
  | {
      readonly task: "extend";
      /** The certificate, the primary key and the key-file. */
      readonly files: readonly File[];
      readonly passphrase: string;
      readonly count: number;
    }
  | {
      readonly task: "burn";
      /** All months, the key-file and the ledger's export. */
      readonly files: readonly File[];
      readonly month: string;
      readonly force: boolean;
    }
  | {
      readonly task: "split";
      readonly file: File;
      readonly passphrase: string;
      readonly shares: number;
      readonly need: number;
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
  readonly "key-work": KeyWork;
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
  readonly fault: KeyFileFault | "unreadable" | "partly_damaged" | "no_key_file" | "wrong_key_file";
}

export interface OpenedFile extends Opened {
  /** Digest of the ciphertext by blocks, 64 hex digits. */
  readonly blocksSha256: string;
}

/** Of a download from the pickup pages, or of a file in it. */
type PickupFault = "pickup_incomplete" | "not_a_pickup" | "pickup_not_the_same" | "pickup_missing";

export type DeskFault =
  | DecryptFault
  | KeyWorkFault
  | PickupFault
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
  no_primary: true,
  no_certificate: true,
  no_key_file: true,
  no_months: true,
  no_such_month: true,
  other_month: true,
  wrong_key_file: true,
  not_a_key: true,
  other_key: true,
  wrong_passphrase: true,
  bad_month: true,
  bad_ledger: true,
  not_over: true,
  unopened: true,
  old_ledger: true,
  ledger_ahead: true,
  no_ledger: true,
  pickup_incomplete: true,
  not_a_pickup: true,
  pickup_not_the_same: true,
  pickup_missing: true,
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
