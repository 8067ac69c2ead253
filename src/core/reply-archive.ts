import { type Archive, archiveSize, createArchive } from "./archive.js";
import { type Document, type DocumentRecord, placeDocuments, recordFile, textFile } from "./document.js";
import { Fault } from "./fault.js";

/** Bytes of a reply's archive, padding included. A reply is read into memory, on old phones too. */
export const MAX_REPLY_BYTES = 32 * 1024 * 1024;

export class ReplyError extends Fault<"too_large"> {}

/** What staff write back to a submitter. */
export interface ReplyContents {
  readonly text: string;
  readonly documents: readonly Document[];
  /** The day on which staff opened the letter, as YYYY-MM-DD: then this is a notice, and its text a program's. */
  readonly opened?: string;
}

/** The contents of `reply.json`. */
export interface ReplyRecord {
  readonly format: "postern-reply";
  readonly version: 1;
  readonly files: readonly DocumentRecord[];
  readonly opened?: string;
}

/**
 * The archive of one reply, laid out as docs/FORMAT.md section 9 says.
 * @throws ReplyError `too_large` over {@link MAX_REPLY_BYTES}; ArchiveWriteError
 */
export function createReply({ text, documents, opened }: ReplyContents): Archive {
  const { records, files } = placeDocuments(documents);
  const record: ReplyRecord = { format: "postern-reply", version: 1, files: records, ...(opened && { opened }) };
  const all = [textFile("reply.txt", text), recordFile("reply.json", record), ...files];
  if (archiveSize(["files"], all) > MAX_REPLY_BYTES) {
    throw new ReplyError("too_large", `a reply with its documents must stay under ${MAX_REPLY_BYTES / 1024 ** 2} MiB`);
  }
  return createArchive("reply", ["files"], all);
}
