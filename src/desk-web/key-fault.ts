import { MonthlyKeyError, WrapError } from "../months/index.js";
import { RelockError } from "../openpgp/index.js";
import { KeyWorkError } from "./key-work-error.js";

/** What an error of changing keys means to the person. */
export function keyFault(cause: unknown): unknown {
  if (cause instanceof RelockError || cause instanceof MonthlyKeyError) {
    const code = cause.code === "locked" ? "wrong_passphrase" : cause.code === "other_key" ? "other_key" : "not_a_key";
    return new KeyWorkError(code, cause.message, { cause });
  }
  return cause instanceof WrapError ? new KeyWorkError("wrong_key_file", cause.message, { cause }) : cause;
}
