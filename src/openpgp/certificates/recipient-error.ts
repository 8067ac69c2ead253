import { Fault } from "../../core/index.js";

/**
 * Why a file or a certificate cannot be a recipient's.
 *
 * - `gap`: the last encryption subkey has ended, and another begins later.
 * - `no_self_signature`: no signature of its own key says what the certificate is for.
 * - `too_large`: more bytes, packets or signatures than any certificate needs.
 * - `unsupported`: a key version or an algorithm that this program does not know.
 */
export type RecipientFault =
  | "unreadable"
  | "secret_key"
  | "too_large"
  | "unsupported"
  | "revoked"
  | "expired"
  | "gap"
  | "not_yet_valid"
  | "no_self_signature"
  | "no_encryption_key"
  | "weak_algorithm";

export class RecipientError extends Fault<RecipientFault> {}
