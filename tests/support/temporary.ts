import { rm } from "node:fs/promises";

/** Whether the tests keep their folders, to be looked at afterwards (see docs/DEBUGGING.md). */
const KEEP = process.env.POSTERN_TEST_KEEP === "1";

/** Removes the folder of a test; with POSTERN_TEST_KEEP=1 it says where the folder is instead. */
export async function removeFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if (KEEP) process.stderr.write(`kept: ${path}\n`);
  // What ends with the test may still be writing there.
  else await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
