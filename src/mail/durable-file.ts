import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { startOfDay } from "../core/index.js";
import { syncFolder } from "../files/index.js";

/** Replaces a small private file. Once it resolves, the new text is on the disk. Times are no finer than the day. */
export async function writeDurably(path: string, text: string, now: Date): Promise<void> {
  const midnight = startOfDay(now);
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.utimes(midnight, midnight);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path), midnight);
}
