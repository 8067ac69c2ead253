import { dayOf, randomHex } from "../../core/index.js";
import type { Bucket } from "./bucket.js";

const UNFINISHED = "unfinished/";

/** A new key for what gets its name only when all of it is known; its day tells when nobody can be at work on it any more. */
export function unfinishedKey(day: string): string {
  return `${UNFINISHED}${day}.${randomHex(16)}`;
}

/** Removes what killed processes left before `moment`: parts of objects, and what never got its name. */
export async function sweepLeftovers(bucket: Bucket, moment: Date): Promise<void> {
  await bucket.abortParts(moment);
  const old: string[] = [];
  for await (const { key } of bucket.list(UNFINISHED)) {
    if (key.slice(UNFINISHED.length) < dayOf(moment)) old.push(key);
  }
  await bucket.remove(old);
}
