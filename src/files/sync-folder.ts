import { open } from "node:fs/promises";

/**
 * Syncs the entries of `folder`: a rename is durable only then.
 * @param midnight becomes the folder's time, if given
 */
export async function syncFolder(folder: string, midnight?: Date): Promise<void> {
  // Windows, where some staff open letters, cannot open a folder.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    if (midnight !== undefined) await handle.utimes(midnight, midnight);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
