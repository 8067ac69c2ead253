import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import {
  type Archive,
  createReply,
  type Document,
  Fault,
  MAX_REPLY_BYTES,
  type ReplyAddress,
  ReplyError,
  readReplyFileName,
  replyFileName,
} from "../core/index.js";
import { nullIfMissing, writeNewFile } from "../files/index.js";
import { encryptReply, type Recipient } from "../openpgp/index.js";
import { recordIn } from "./open/index.js";
import { keepCopy } from "./sent-copy.js";

/**
 * `not_a_case`: the folder holds no opened submission. `no_address`: its submitter cannot be answered. `foreign`: they
 * encrypted it with a program of their own, which gives no receipt code. `not_text`: the
 * text is empty, or not UTF-8.
 */
export class ReplyFileError extends Fault<
  "not_a_case" | "no_address" | "foreign" | "unreadable" | "not_text" | "cannot_write"
> {}

export interface ReplyRequest {
  /** Folder of an opened submission, or of a follow-up. */
  readonly caseFolder: string;
  /** File with the answer, in UTF-8. */
  readonly text: string;
  /** Files to attach. */
  readonly attachments: readonly string[];
  /** Folder for the encrypted reply. */
  readonly out: string;
}

/**
 * Encrypts a reply to the submitter of one case into a new file, and returns its path. The file gets its name only when
 * it is complete.
 * @throws ReplyFileError, ReplyError, ArchiveWriteError
 */
export async function writeReply({ text, ...request }: ReplyRequest): Promise<string> {
  addressIn(request.caseFolder);
  return sendReply({ ...request, text: await readReplyText(text), keepFor: null });
}

export interface SentReply extends Omit<ReplyRequest, "text"> {
  /** The answer itself. */
  readonly text: string;
  /** Certificates of staff, to whom a copy is encrypted beside the case; null for none. */
  readonly keepFor: { readonly recipients: readonly Recipient[]; readonly date: Date } | null;
}

/**
 * {@link writeReply} for a text in memory. A copy, if one is kept, is there before the reply: nothing goes out of which
 * staff keep none.
 * @throws ReplyFileError, ReplyError, ArchiveWriteError, EncryptError
 */
export async function sendReply({ caseFolder, text, attachments, out, keepFor }: SentReply): Promise<string> {
  const address = addressIn(caseFolder);
  const archive = async () => {
    const documents: Document[] = [];
    for (const path of attachments) documents.push(await attach(path));
    return createReply({ text, documents });
  };
  const copy =
    keepFor === null
      ? null
      : await keepCopy(caseFolder, (await archive()).stream, keepFor).catch(cannotWriteTo(caseFolder));
  try {
    return await writeInto(out, address, await archive());
  } catch (cause) {
    if (copy !== null) await rm(copy, { force: true });
    throw cause;
  }
}

/**
 * Writes for each mailbox of `caseFolders` a notice that staff opened the letter on `day`. All have the size of a short
 * answer. Cases without a mailbox are left out.
 * @param out folder for the notices
 * @returns how many there are
 * @throws ReplyFileError
 */
export async function writeOpenedNotices(caseFolders: readonly string[], day: string, out: string): Promise<number> {
  const found = caseFolders.flatMap((folder) => recordIn(folder)?.address ?? []);
  const addresses = new Map(found.map((address) => [address.mailbox, address]));
  // Read once: a run opens thousands.
  const numbers = await lastNumbers(out);
  for (const address of addresses.values()) {
    const archive = createReply({ text: `opened ${day}\n`, documents: [], opened: day });
    await writeInto(out, address, archive, numbers);
  }
  return addresses.size;
}

async function writeInto(
  out: string,
  { mailbox, key }: ReplyAddress,
  archive: Archive,
  numbers?: ReadonlyMap<string, number>,
): Promise<string> {
  const unfinished = join(out, `.replying-${process.pid}-${randomBytes(8).toString("hex")}`);
  try {
    await mkdir(out, { recursive: true, mode: 0o700 });
    await writeNewFile(unfinished, await encryptReply(archive.stream, key));
    const last = (numbers ?? (await lastNumbers(out))).get(mailbox) ?? 0;
    const path = join(out, replyFileName(mailbox, last + 1));
    await rename(unfinished, path);
    return path;
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    return cannotWriteTo(out)(cause);
  }
}

/** Throws what a file system said as a fault of ours, and anything else unchanged. */
function cannotWriteTo(folder: string): (cause: unknown) => never {
  return (cause) => {
    if (!(cause instanceof Error) || !("syscall" in cause)) throw cause;
    throw new ReplyFileError("cannot_write", `${folder} cannot be written to`, { cause });
  };
}

/** The address of a case's submitter. @throws ReplyFileError `not_a_case`, `foreign` or `no_address` */
export function addressIn(caseFolder: string): ReplyAddress {
  const record = recordIn(caseFolder);
  if (record === null) throw new ReplyFileError("not_a_case", `${caseFolder} holds no submission that has been opened`);
  if (record.foreign !== undefined) {
    throw new ReplyFileError("foreign", "this was encrypted by the person's own program, so it has no mailbox");
  }
  if (record.address === null) {
    throw new ReplyFileError("no_address", "this submission has no mailbox, so nobody would look for a reply");
  }
  return record.address;
}

/** A text file in UTF-8. @throws ReplyFileError or ReplyError */
export async function readReplyText(path: string): Promise<string> {
  await sizeOf(path);
  const bytes = await readFile(path);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
    if (text.trim() !== "") return text;
  } catch (cause) {
    throw new ReplyFileError("not_text", `${path} is not text in UTF-8`, { cause });
  }
  throw new ReplyFileError("not_text", `${path} is empty`);
}

async function attach(path: string): Promise<Document> {
  const open = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return { name: basename(path), type: "application/octet-stream", size: await sizeOf(path), open };
}

async function sizeOf(path: string): Promise<number> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new ReplyFileError("unreadable", `${path} cannot be read`, { cause });
  });
  if (!about.isFile()) throw new ReplyFileError("unreadable", `${path} is not a file`);
  if (about.size > MAX_REPLY_BYTES) throw new ReplyError("too_large", `${path} alone is too large for a reply`);
  return about.size;
}

/** The highest number of each mailbox's replies in `folder`, which need not exist. */
async function lastNumbers(folder: string): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>();
  const names = await readdir(folder).catch(nullIfMissing);
  for (const name of (names ?? []).map(readReplyFileName)) {
    if (name !== null) last.set(name.mailbox, Math.max(name.number, last.get(name.mailbox) ?? 0));
  }
  return last;
}
