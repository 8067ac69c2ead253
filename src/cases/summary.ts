import { fileTypeFromBuffer } from "file-type";
import { type ArchiveEntry, ArchiveError, readArchive } from "../core/index.js";
import type { CaseDocument } from "./case.js";
import { judge, PICTURES } from "./document-kind.js";
import { type CaseRecord, readArchivedRecord } from "./record.js";
import { LONGEST_RECORD, RECORD } from "./record-file.js";

/** Bytes of a document that its kind is judged by. */
const HEAD = 256 * 1024;
export const LONGEST_LETTER = 4 * 1024 * 1024;

/** What is kept of a submission in memory: all but its documents' contents. */
export interface SubmissionSummary {
  readonly record: CaseRecord;
  readonly letter: string;
  readonly documents: readonly CaseDocument[];
}

/**
 * Reads a whole archive and keeps what is small. Nothing of it may be shown before this resolves: until then it is
 * unauthenticated.
 * @throws ArchiveError, or the stream's own error
 */
export async function summarise(archive: ReadableStream<Uint8Array>): Promise<SubmissionSummary> {
  let record: CaseRecord | undefined;
  let letter = "";
  const heads: { readonly path: string; readonly bytes: number; readonly head: Uint8Array }[] = [];
  for await (const entry of readArchive(archive)) {
    if (entry.path === RECORD) record = readArchivedRecord(entry.root, await whole(entry, LONGEST_RECORD));
    else if (entry.path === "letter.txt") letter = new TextDecoder().decode(await whole(entry, LONGEST_LETTER));
    else if (entry.kind === "file" && entry.path.startsWith("files/")) {
      heads.push({ path: entry.path, bytes: entry.size, head: await firstBytes(entry.body, HEAD) });
    }
  }
  if (record === undefined) throw new ArchiveError("malformed", "the archive holds no submission.json");
  const { names } = record;
  const documents = heads.map(async ({ path, bytes, head }) => {
    const name = names.get(path) ?? path.slice("files/".length);
    return { name, path, bytes, ...(await judgeHead(head, name)) };
  });
  return { record, letter, documents: await Promise.all(documents) };
}

async function judgeHead(head: Uint8Array, name: string): Promise<Pick<CaseDocument, "type" | "picture" | "warnings">> {
  // What it cannot make out it says is unknown; a file made to confuse it is no reason to show none.
  const found = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime ?? null;
  const { type, warnings } = judge(head, found, name);
  return { type, picture: type !== null && PICTURES.includes(type), warnings };
}

async function whole({ body, size, path }: ArchiveEntry, most: number): Promise<Uint8Array> {
  if (size > most) throw new ArchiveError("too_large", `${path} is too large`);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

async function firstBytes(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = body.getReader();
  while (length < most) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = new Uint8Array(value.subarray(0, most - length));
    parts.push(part);
    length += part.length;
  }
  // The archive's reader skips what is left.
  reader.releaseLock();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
