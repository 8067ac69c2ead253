import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { nullIfMissing } from "../../files/index.js";

/** Overwrites the bytes of a file in place, after `before`, which may give its name to another file. */
export async function overwrite(path: string, before: () => Promise<void> = async () => undefined): Promise<void> {
  const file = await open(path, "r+");
  try {
    await before();
    const { size } = await file.stat();
    await file.write(randomBytes(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Overwrites and removes a file, if it is there. */
export async function destroy(path: string): Promise<void> {
  await overwrite(path).catch(nullIfMissing);
  await rm(path, { force: true });
}
