import { ArchiveError } from "./archive-error.js";
import type { ArchiveLayout } from "./archive-layout.js";
import { readArchive } from "./archive-reader.js";
import { isDay } from "./day.js";
import type { DocumentRecord } from "./document.js";
import { fieldsOf, readJson } from "./json-object.js";
import { PADDING_NAME } from "./padding.js";
import { MAX_REPLY_BYTES, type ReplyRecord } from "./reply-archive.js";

/** A document of a reply. `name` and `type` end up in a page: treat them as text, although staff wrote them. */
export interface ReplyFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface Reply {
  readonly text: string;
  readonly files: readonly ReplyFile[];
  /** The day on which staff opened the letter, as YYYY-MM-DD, if this is the notice of that; null for an answer. */
  readonly opened: string | null;
}

const LIMITS = { entries: 1100, bytes: MAX_REPLY_BYTES };
/** The record is optional: staff may make a reply by hand with tar and gpg. */
const LAYOUT: ArchiveLayout = { root: /^reply$/, required: ["reply.txt"], optional: ["reply.json"] };

/**
 * Reads a decrypted reply into memory, at most {@link MAX_REPLY_BYTES}. Resolves only after the stream has ended
 * without an error, so it never returns unauthenticated bytes.
 * @throws ArchiveError; errors of the stream itself pass unchanged
 */
export async function readReply(archive: ReadableStream<Uint8Array>): Promise<Reply> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { kind, path, body } of readArchive(archive, LIMITS, LAYOUT)) {
    if (kind === "file" && path !== PADDING_NAME) contents.set(path, await whole(body));
  }
  const text = decode(contents.get("reply.txt"), "reply.txt");
  const record = contents.has("reply.json") ? readRecord(decode(contents.get("reply.json"), "reply.json")) : null;
  const documents = [...contents].filter(([path]) => path.startsWith("files/"));
  if (record !== null && record.files.length !== documents.length) throw disagreement();
  const files = documents.map(([path, content]) => describe(path, content, record));
  return { text, files, opened: record?.opened ?? null };
}

function describe(path: string, content: Uint8Array<ArrayBuffer>, record: ReplyRecord | null): ReplyFile {
  if (record === null) return { name: path.replace(/^files\/\d+-/, ""), type: "", content };
  const described = record.files.find(({ entry }) => entry === path);
  if (described === undefined || described.bytes !== content.length) throw disagreement();
  return { name: described.name, type: described.type, content };
}

function disagreement(): ArchiveError {
  return new ArchiveError("malformed", "reply.json and the documents do not agree");
}

async function whole(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function decode(bytes: Uint8Array | undefined, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArchiveError("malformed", `${name} is not UTF-8`, { cause });
  }
}

function readRecord(text: string): ReplyRecord {
  const record = readJson(text, (cause) => new ArchiveError("malformed", "reply.json is not JSON", { cause }));
  if (!isRecord(record)) throw new ArchiveError("malformed", "reply.json is not a record of a reply");
  return record;
}

function isRecord(value: unknown): value is ReplyRecord {
  const { format, version, files, opened } = fieldsOf(value);
  const mayBeNotice = opened === undefined || isDay(opened);
  return (
    mayBeNotice && format === "postern-reply" && version === 1 && Array.isArray(files) && files.every(isDocumentRecord)
  );
}

function isDocumentRecord(value: unknown): value is DocumentRecord {
  const { entry, name, type, bytes } = fieldsOf(value);
  return typeof entry === "string" && typeof name === "string" && typeof type === "string" && typeof bytes === "number";
}
