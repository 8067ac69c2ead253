import { link, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PORTAL_SALT_LENGTH, randomHex, startOfDay } from "../core/index.js";
import { nullIfMissing, syncFolder } from "../files/index.js";
import { isTaken, UNFINISHED, writeStream } from "./disk.js";
import { StoreError } from "./store.js";

const SALT = "portal-salt";

/** Null if there is none yet. A damaged salt is never replaced: every receipt code would lose its mailbox. */
export async function readPortalSalt(folder: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const path = join(folder, SALT);
  const salt = await readFile(path).catch(nullIfMissing);
  if (salt === null) return null;
  if (salt.length !== PORTAL_SALT_LENGTH) {
    throw new StoreError("io", `the portal salt in ${path} is damaged; put it back from a backup`);
  }
  return new Uint8Array(salt);
}

/** Stores `salt`, or returns the one that another process stored first. */
export async function createPortalSalt(
  folder: string,
  salt: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<Uint8Array<ArrayBuffer>> {
  const unfinished = join(folder, UNFINISHED + randomHex(16));
  try {
    await writeStream(unfinished, new Blob([salt]).stream(), startOfDay(now));
    // Linking is atomic and fails if the name is taken: nobody ever reads half a salt.
    await link(unfinished, join(folder, SALT)).catch((cause: unknown) => {
      if (!isTaken(cause)) throw cause;
    });
  } finally {
    await rm(unfinished, { force: true });
  }
  await syncFolder(folder);
  const created = await readPortalSalt(folder);
  if (created === null) throw new StoreError("io", "the portal salt disappeared as soon as it was created");
  return created;
}
