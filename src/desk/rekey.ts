import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { PrivateKey } from "openpgp";
import { Fault, maxContentBytes } from "../core/index.js";
import { decryptMessage, encryptMessage, type Recipient } from "../openpgp/index.js";
import type { OnRead } from "./open/index.js";

export class RekeyError extends Fault<"exists"> {}

export interface RekeyRequest {
  readonly file: string;
  /** Folder for the new file, which keeps the old file's name. */
  readonly out: string;
  readonly keys: readonly PrivateKey[];
  readonly recipients: readonly Recipient[];
  readonly date: Date;
  readonly onRead?: OnRead;
}

const READ_BYTES = 1024 * 1024;

/**
 * Encrypts an old submission to new recipients and keeps its day of arrival. Plaintext never touches the disk, and the
 * new file gets its name only after the old one has passed its integrity check.
 *
 * @returns the new file's path
 * @throws RekeyError, DecryptError, MessageError or EncryptError, leaving nothing behind
 */
export async function rekeySubmission(request: RekeyRequest): Promise<string> {
  const { file, out, keys, recipients, date, onRead } = request;
  const path = join(out, basename(file));
  const taken = await stat(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new RekeyError("exists", `${path} exists already`);
  const unfinished = join(out, `.rekeying-${process.pid}-${basename(file)}`);
  const old = createReadStream(file, { highWaterMark: READ_BYTES });
  old.on("data", (chunk) => onRead?.(chunk.length));
  try {
    const { mtime, size } = await stat(file);
    const source = Readable.toWeb(old) as ReadableStream<Uint8Array>;
    const content = await decryptMessage(source, keys, maxContentBytes(size));
    const target = await open(unfinished, "wx", 0o600);
    try {
      for await (const chunk of await encryptMessage(content, recipients, date)) await target.writeFile(chunk);
      // The modification time carries the day of arrival.
      await target.utimes(mtime, mtime);
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(unfinished, path);
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
    return path;
  } catch (cause) {
    old.destroy();
    await rm(unfinished, { force: true });
    throw cause;
  }
}
