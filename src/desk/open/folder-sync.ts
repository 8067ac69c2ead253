import { closeSync, fsync, openSync } from "node:fs";
import { promisify } from "node:util";

const fsyncAsync = promisify(fsync);

/** Syncs the names in `folder` to disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  await fsyncAsync(descriptor).finally(() => closeSync(descriptor));
}
