import type { Dirent } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../core/index.js";
import { LOCK_FAULTS, type LockFault, withLock } from "../files/index.js";

/** Folder of the logs, beside the cases: one for each desk, which alone appends to it. */
export const NOTES_FOLDER = "notes";
/** Replaced whenever lines are taken out of logs: what has read them before must read all of them again. */
export const ERASED_FILE = ".erased";
const LOCK = { retries: { retries: 50, minTimeout: 20, maxTimeout: 200, factor: 1.2 }, staleMs: 10_000 };

/**
 * `damaged`: this desk's own log, or what an earlier version wrote, was altered. `full`: a log counts too far.
 * `locked`: another process has held the lock for too long, or has taken it meanwhile.
 */
export class CaseNotesError extends Fault<"damaged" | "unknown_case" | "full" | "locked"> {}

/** Whether a file in the folder of notes is a log. What is no plain file may never end. */
export function isLog(entry: Dirent): boolean {
  return entry.isFile() && entry.name.endsWith(".jsonl");
}

/** Makes the folder of notes, and lets no other process write there meanwhile. @throws CaseNotesError `locked` */
export async function withLockedNotes<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const failed = (fault: LockFault, cause: unknown) =>
    new CaseNotesError("locked", `${folder} ${LOCK_FAULTS[fault]}; try again`, { cause });
  return withLock({ ...LOCK, path: join(folder, ".lock") }, write, failed);
}
