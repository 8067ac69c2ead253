import { StoreError } from "./store.js";

/** For `catch`: null for an id that the store does not have. @throws whatever else went wrong */
export function nullIfNotFound(cause: unknown): null {
  if (cause instanceof StoreError && cause.code === "not_found") return null;
  throw cause;
}
