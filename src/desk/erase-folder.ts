import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../files/index.js";

const CHUNK_BYTES = 1024 * 1024;

/**
 * Overwrites the files of a folder, and removes it. Links are removed, and what they lead to stays. What the medium
 * keeps of overwritten blocks is out of a program's reach.
 * @throws an error of the file system
 */
export async function eraseFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await eraseFolder(path);
    else if (entry.isFile()) await overwrite(path);
  }
  await rm(folder, { recursive: true, force: true });
  await syncFolder(join(folder, ".."));
}

async function overwrite(path: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; at += CHUNK_BYTES) {
      await file.write(randomBytes(Math.min(CHUNK_BYTES, size - at)), 0, null, at);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
