import { dayOf, randomHex } from "../../core/index.js";
import type { Bucket } from "./bucket.js";

const UNFINISHED = "unfinished/";

/** A new key for an object that is renamed when complete. The day tells when it is a leftover of a killed process. */
export function unfinishedKey(day: string): string {
  return `${UNFINISHED}${day}.${randomHex(16)}`;
}

/** Removes leftovers of killed processes from before `moment`: multipart uploads, and unfinished objects. */
export async function sweepLeftovers(bucket: Bucket, moment: Date): Promise<void> {
  await bucket.abortParts(moment);
  const old: string[] = [];
  for await (const { key } of bucket.list(UNFINISHED)) {
    if (key.slice(UNFINISHED.length) < dayOf(moment)) old.push(key);
  }
  await bucket.remove(old);
}
