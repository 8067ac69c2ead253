import { EncryptError } from "../openpgp/index.js";
import { StoreError } from "../store/index.js";
import { BusyError } from "./admission/index.js";
import type { Refusal } from "./http/index.js";
import { RecipientsError } from "./recipients/index.js";

/** What a failure on the way into the store is answered with. */
export type FailureRefusal = Extract<Refusal, "busy" | "key_expired" | "no_space" | "cannot_store">;

/** The first cause that names a reason decides. An answer never quotes an error: it may hold what somebody sent. */
export function refusalFor(failure: unknown): FailureRefusal {
  for (let cause = failure; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof BusyError) return "busy";
    if (cause instanceof RecipientsError || cause instanceof EncryptError) return "key_expired";
    if (cause instanceof StoreError && cause.code === "no_space") return "no_space";
  }
  return "cannot_store";
}
