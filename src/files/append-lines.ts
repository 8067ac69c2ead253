import type { BigIntStats } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./sync-folder.js";

const LINE_FEED = 10;
/** Files whose entry in their folder is durable, by path, as this process has synced it. */
const known = new Map<string, string>();

/**
 * Appends lines to a file of its owner alone, which is made where there is none; resolves after fsync. Half a line,
 * which a run that was killed has left, stays on a line by itself.
 * @throws an error of the file system
 */
export async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  const file = await open(path, "a+", 0o600);
  let about: BigIntStats;
  try {
    about = await file.stat({ bigint: true });
    const size = Number(about.size);
    const last = size === 0 ? LINE_FEED : (await file.read(new Uint8Array(1), 0, 1, size - 1)).buffer[0];
    await file.writeFile(`${last === LINE_FEED ? "" : "\n"}${lines.join("\n")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // A folder in which others make and remove files has always something to sync.
  const entry = `${about.ino} ${about.birthtimeNs}`;
  if (known.get(path) === entry) return;
  await syncFolder(dirname(path));
  known.set(path, entry);
}
