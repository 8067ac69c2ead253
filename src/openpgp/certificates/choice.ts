import type { Key } from "./key.js";
import type { RecipientFault } from "./recipient-error.js";

/** What a message to a certificate is encrypted with at one moment. */
export interface Choice {
  /** The newest usable encryption subkey, or the primary key if that encrypts; then additional decryption subkeys. */
  readonly keys: readonly [Key, ...Key[]];
  /** Its AEAD algorithm for SEIPD version 2 (RFC 9580 section 5.13.2); null if it supports only version 1. */
  readonly aead: "gcm" | "ocb" | null;
}

/** The keys that are used for a time; `until` is not included, and null for ever. */
export interface Use extends Pick<Choice, "keys"> {
  readonly from: Date;
  readonly until: Date | null;
}

export interface Refusal {
  readonly fault: RecipientFault;
  /** What is wrong, in words that begin after the certificate's name. */
  readonly why: string;
}
