import { S3ServiceException } from "@aws-sdk/client-s3";
import { notFound } from "../not-found.js";
import { StoreError } from "../store.js";

const MISSING = new Set(["NoSuchKey", "NotFound"]);
const FULL = new Set(["QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "ServiceQuotaExceededException"]);
const TAKEN = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

/** Turns an error of the object store into a StoreError. Its own message may name keys and hosts, so it is left out. */
export function toStoreError(cause: unknown): Error {
  if (cause instanceof StoreError) return cause;
  if (cause instanceof S3ServiceException) {
    if (MISSING.has(cause.name)) return notFound(cause);
    if (FULL.has(cause.name) || hasStatus(cause, 507)) {
      return new StoreError("no_space", "the object store is full", { cause });
    }
    return new StoreError("io", `the object store refused: ${cause.name}`, { cause });
  }
  return new StoreError("io", "the object store does not answer", { cause });
}

/** For `catch`. @throws StoreError */
export function throwStoreError(cause: unknown): never {
  throw toStoreError(cause);
}

/** Whether a conditional request failed because another process was first. */
export function isTaken(cause: unknown): boolean {
  return cause instanceof S3ServiceException && (TAKEN.has(cause.name) || hasStatus(cause, 412, 409));
}

/** Whether a multipart upload has been completed or aborted. */
export function isGone(cause: unknown): boolean {
  return cause instanceof S3ServiceException && cause.name === "NoSuchUpload";
}

function hasStatus({ $metadata }: S3ServiceException, ...statuses: readonly number[]): boolean {
  return statuses.includes($metadata.httpStatusCode ?? 0);
}
