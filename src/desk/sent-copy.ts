import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { dayOf } from "../core/index.js";
import { syncFolder, writeNewFile } from "../files/index.js";
import { encryptMessage, type Recipient } from "../openpgp/index.js";

/** Folder of what was sent, in the folder of a case. */
export const SENT_FOLDER = "sent";
const NAME = /^\d{4}-\d{2}-\d{2}-(\d{1,6})\.tar\.gpg$/;

/**
 * Encrypts the archive of a reply to staff into a new file beside the case, and returns its path.
 * @throws EncryptError, ArchiveWriteError or an error of the file system
 */
export async function keepCopy(
  caseFolder: string,
  archive: ReadableStream<Uint8Array>,
  { recipients, date }: { readonly recipients: readonly Recipient[]; readonly date: Date },
): Promise<string> {
  const folder = join(caseFolder, SENT_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const numbers = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  const path = join(folder, `${dayOf(date)}-${Math.max(0, ...numbers) + 1}.tar.gpg`);
  try {
    await writeNewFile(path, await encryptMessage(archive, recipients, date));
    await syncFolder(folder);
    return path;
  } catch (cause) {
    // One of that name that another run has written stays.
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) await rm(path, { force: true });
    throw cause;
  }
}
