import { Fault } from "../core/index.js";
import type { BurnRefusal } from "../months/index.js";

/**
 * What is wrong with files of keys that are to be changed. `no_primary`, `no_certificate`, `no_key_file`, `no_months`:
 * it is not among them. `no_such_month`: the month to be burnt is not. `other_month`: a file holds another month than
 * its name says. `wrong_key_file`: it does not open one of the months. The others say what is wrong with a key, with
 * what was typed, or why a month must not be burnt.
 */
export type KeyWorkFault =
  | "no_primary"
  | "no_certificate"
  | "no_key_file"
  | "no_months"
  | "no_such_month"
  | "other_month"
  | "wrong_key_file"
  | "not_a_key"
  | "other_key"
  | "wrong_passphrase"
  | "bad_month"
  | "bad_ledger"
  | BurnRefusal["code"];

export class KeyWorkError extends Fault<KeyWorkFault> {}
