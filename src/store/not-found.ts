import { StoreError } from "./store.js";

export function notFound(cause?: unknown): StoreError {
  return new StoreError("not_found", "there is nothing under this id", { cause });
}

/** For `catch`: null for an id that the store does not have. @throws whatever else went wrong */
export function nullIfNotFound(cause: unknown): null {
  if (cause instanceof StoreError && cause.code === "not_found") return null;
  throw cause;
}
