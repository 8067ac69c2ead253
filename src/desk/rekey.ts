import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { PrivateKey } from "openpgp";
import { Fault, headOf, LAYOUT_HEAD_BYTES, layoutOf, maxContentBytes } from "../core/index.js";
import { syncFolder } from "../files/index.js";
import { diagnose, encryptMessage, type KeyPart, messageIn, openMessage, type Recipient } from "../openpgp/index.js";
import { type OnRead, OpenError, writeFault } from "./open/index.js";

export class RekeyError extends Fault<"exists"> {}

export interface RekeyRequest {
  readonly file: string;
  /** Folder for the new file, which keeps the old file's name. */
  readonly out: string;
  readonly keys: readonly PrivateKey[];
  /** The parts of the keys given that are not open, to tell why a message is not opened. */
  readonly closed?: readonly KeyPart[];
  readonly recipients: readonly Recipient[];
  readonly date: Date;
  readonly onRead?: OnRead;
}

const READ_BYTES = 1024 * 1024;

/**
 * Encrypts an old submission to new recipients and keeps its day of arrival. Plaintext never touches the disk, and the
 * new file gets its name only after the old one has passed its integrity check. What a person encrypted with a program
 * of their own keeps its name, but not its signatures.
 *
 * @returns the new file's path
 * @throws RekeyError, OpenError, DecryptError or EncryptError, leaving nothing behind
 */
export async function rekeySubmission(request: RekeyRequest): Promise<string> {
  const { file, out, closed = [] } = request;
  const path = join(out, basename(file));
  const taken = await stat(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new RekeyError("exists", `${path} exists already`);
  const unfinished = join(out, `.rekeying-${process.pid}-${basename(file)}`);
  try {
    await writeAnew(unfinished, request);
    await rename(unfinished, path).catch(cannotWrite);
    await syncFolder(dirname(path)).catch(cannotWrite);
    return path;
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw await diagnose(() => read(file), faultIn(cause), closed);
  }
}

async function writeAnew(path: string, { file, keys, recipients, date, onRead }: RekeyRequest): Promise<void> {
  const about = await stat(file).catch(cannotRead);
  // A pipe would be read for ever.
  if (!about.isFile()) cannotRead(undefined);
  const source = await messageIn(read(file, onRead));
  const { data, notes } = await openMessage(source, keys, maxContentBytes(about.size));
  const { head, stream } = await headOf(data, LAYOUT_HEAD_BYTES);
  const name = layoutOf(head) === "form" ? "" : notes.fileName;
  const target = await open(path, "wx", 0o600).catch(cannotWrite);
  try {
    for await (const chunk of await encryptMessage(stream, recipients, date, name)) {
      await target.writeFile(chunk).catch(cannotWrite);
    }
    // The modification time carries the day of arrival.
    await target.utimes(about.mtime, about.mtime);
    await target.sync().catch(cannotWrite);
  } finally {
    await target.close();
  }
}

function read(file: string, onRead: OnRead = () => undefined): ReadableStream<Uint8Array> {
  const source = createReadStream(file, { highWaterMark: READ_BYTES });
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onRead(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return (Readable.toWeb(source) as ReadableStream<Uint8Array>).pipeThrough(counted);
}

function cannotRead(cause: unknown): never {
  throw new OpenError("unreadable", "the file cannot be read", { cause });
}

function cannotWrite(cause: unknown): never {
  throw writeFault(cause);
}

/** The error of ours behind one that openpgp.js has passed on. */
function faultIn(cause: unknown): unknown {
  for (let each = cause; each instanceof Error; each = each.cause) if (each instanceof Fault) return each;
  return cause;
}
