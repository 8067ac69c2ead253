import { closeSync, fsync, openSync } from "node:fs";
import { promisify } from "node:util";

const synced = promisify(fsync);

/** Has the names in `folder` on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  await synced(descriptor).finally(() => closeSync(descriptor));
}
