import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "./sync-folder.js";
import { writeNewFile } from "./write-new-file.js";

/**
 * Gives a file new contents, at once or not at all; resolves after fsync. A link of that name is replaced, and what it
 * leads to stays.
 * @throws an error of the file system
 */
export async function replaceFile(path: string, contents: string): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `.unfinished-${randomBytes(8).toString("hex")}`);
  try {
    await writeNewFile(unfinished, contents);
    await rename(unfinished, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause;
  }
}
