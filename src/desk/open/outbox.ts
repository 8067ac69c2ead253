import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../files/index.js";

/** Copies a file into the outbox. @throws an error of the file system */
export async function putIntoOutbox(path: string, outbox: string, name: string): Promise<void> {
  await putTextIntoOutbox(await readFile(path, "utf8"), outbox, name);
}

/**
 * Writes a file into the outbox, the folder that is carried back to the server. Its name there, which somebody may have
 * made a link, is replaced.
 * @throws an error of the file system
 */
export async function putTextIntoOutbox(text: string, outbox: string, name: string): Promise<void> {
  await mkdir(outbox, { recursive: true, mode: 0o700 });
  await replaceFile(join(outbox, name), text);
}
