import { statfs } from "node:fs/promises";
import { type CheckResult, fault, ok, warning } from "./check.js";

const MIB = 1024 ** 2;
/** Submissions, uploads and replies take one inode each. */
const MIN_FREE_INODES = 10_000;

/**
 * @param minFreeBytes the portal refuses submissions below this
 * @param maxSubmissionBytes the largest single submission
 */
export async function checkSpace(
  store: string,
  minFreeBytes: number,
  maxSubmissionBytes: number,
): Promise<readonly CheckResult[]> {
  const { bavail, bsize, files, ffree } = await statfs(store);
  const freeBytes = bavail * bsize;
  const free = `${Math.floor(freeBytes / MIB)} MiB are free in ${store}`;
  const fix = "export submissions and run postern prune, or enlarge the disk";
  if (freeBytes < minFreeBytes) {
    return [fault(`${free}: the portal refuses submissions below ${Math.ceil(minFreeBytes / MIB)} MiB`, fix)];
  }
  if (freeBytes < minFreeBytes + maxSubmissionBytes) {
    return [warning(`${free}: the portal would refuse a submission of the largest size`, fix)];
  }
  // Some file systems, such as Btrfs, have no fixed number of inodes.
  if (files > 0 && ffree < MIN_FREE_INODES) return [warning(`only ${ffree} more files fit in ${store}`, fix)];
  return [ok(free)];
}

/** @param reach opens the object store */
export async function checkReached(reach: () => Promise<unknown>): Promise<readonly CheckResult[]> {
  try {
    await reach();
    return [ok("the object store answers and honours If-None-Match")];
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "unknown";
    return [fault(message, "check POSTERN_STORE, POSTERN_S3_ENDPOINT, the credentials, and that the bucket exists")];
  }
}
