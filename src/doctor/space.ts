import { statfs } from "node:fs/promises";
import { fault, ok, type Verdict, warning } from "./verdict.js";

const MIB = 1024 ** 2;
/** A file each for submissions, uploads and replies. */
const FEW_FILES = 10_000;

/** Below `least` bytes the portal refuses submissions. */
export async function checkSpace(store: string, least: number, largest: number): Promise<readonly Verdict[]> {
  const { bavail, bsize, files, ffree } = await statfs(store);
  const free = bavail * bsize;
  const said = `${Math.floor(free / MIB)} MiB are free in ${store}`;
  const cure = "carry submissions away and run postern prune, or enlarge the disk";
  if (free < least) return [fault(`${said}: submissions are refused below ${Math.ceil(least / MIB)} MiB`, cure)];
  if (free < least + largest) return [warning(`${said}: the next large submission would be refused`, cure)];
  // Some file systems have no number of files.
  if (files > 0 && ffree < FEW_FILES) return [warning(`only ${ffree} more files fit in ${store}`, cure)];
  return [ok(said)];
}

/** @param reach opens a store that is on another machine */
export async function checkReached(reach: () => Promise<unknown>): Promise<readonly Verdict[]> {
  try {
    await reach();
    return [ok("the object store answers, and agrees on who is first")];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "unknown";
    return [fault(why, "look at POSTERN_STORE, POSTERN_S3_ENDPOINT and the credentials, and that the bucket is there")];
  }
}
