import { open, readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { submissionIdOf } from "../../cases/index.js";
import { ACKNOWLEDGEMENT, type OpenedSubmission, readAcknowledgement, writeAcknowledgement } from "../../core/index.js";
import { syncFolder } from "../../files/index.js";

/** The acknowledgement for an opened file, or null if the file does not come from the store. */
export function acknowledgementOf(file: string, sha256: string): OpenedSubmission | null {
  const id = submissionIdOf(basename(file));
  return id === null ? null : { id, sha256 };
}

/**
 * Adds to the acknowledgement.json in `folder`, replacing it atomically, and returns its path. An unreadable one is
 * started afresh: its submissions are acknowledged again when they are next seen.
 */
export async function acknowledgeIn(folder: string, opened: readonly OpenedSubmission[]): Promise<string> {
  const path = join(folder, ACKNOWLEDGEMENT);
  const before = await readFile(path, "utf8")
    .then((text) => readAcknowledgement(text).opened)
    .catch(() => []);
  const unfinished = join(folder, `.${ACKNOWLEDGEMENT}`);
  const file = await open(unfinished, "w", 0o600);
  try {
    await file.writeFile(writeAcknowledgement([...before, ...opened]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncFolder(folder);
  return path;
}
