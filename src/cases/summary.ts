import { fileTypeFromBuffer } from "file-type";
import { type ArchiveEntry, ArchiveError, type ContentsLayout, readArchive, sha256Hex } from "../core/index.js";
import type { CaseDocument } from "./case.js";
import { documentKind, PICTURE_TYPES } from "./document-kind.js";
import { type CaseRecord, readArchivedRecord } from "./record.js";
import { MAX_RECORD_BYTES, RECORD_FILE } from "./record-file.js";

/** How much of a document its kind is detected from. */
const HEAD_BYTES = 256 * 1024;
/** WebCrypto hashes what is in memory. A longer document has no digest here. */
export const MAX_DIGESTED_BYTES = 64 * 1024 * 1024;
export const MAX_LETTER_BYTES = 4 * 1024 * 1024;
/** Nobody reads more of a name, which submission.json may make as long as it likes. */
export const MAX_NAME_CHARS = 500;

/** Everything in a submission except its documents' contents. */
export interface SubmissionSummary {
  readonly record: CaseRecord;
  readonly layout: ContentsLayout;
  readonly letter: string;
  readonly documents: readonly CaseDocument[];
}

/**
 * Reads a whole archive and keeps its small parts. Everything in it is unauthenticated until this resolves.
 * @throws ArchiveError, or the stream's own error
 */
export async function summarise(archive: ReadableStream<Uint8Array>): Promise<SubmissionSummary> {
  let record: CaseRecord | undefined;
  let letter = "";
  const files: { readonly path: string; readonly bytes: number; readonly head: Uint8Array; sha256: string | null }[] =
    [];
  for await (const entry of readArchive(archive)) {
    if (entry.path === RECORD_FILE) record = readArchivedRecord(entry.root, await whole(entry, MAX_RECORD_BYTES));
    else if (entry.path === "letter.txt") letter = new TextDecoder().decode(await whole(entry, MAX_LETTER_BYTES));
    else if (entry.kind === "file" && entry.path.startsWith("files/")) {
      const isDigested = entry.size > 0 && entry.size <= MAX_DIGESTED_BYTES;
      const begun = await firstBytes(entry.body, isDigested ? entry.size : HEAD_BYTES);
      const sha256 = isDigested ? await sha256Hex(begun) : null;
      files.push({ path: entry.path, bytes: entry.size, head: begun.slice(0, HEAD_BYTES), sha256 });
    }
  }
  if (record === undefined) throw new ArchiveError("malformed", "the archive holds no submission.json");
  const { names } = record;
  const documents = files.map(async ({ path, bytes, head, sha256 }) => {
    const name = (names.get(path) ?? path.slice("files/".length)).slice(0, MAX_NAME_CHARS);
    return { name, path, bytes, ...(await kindOfHead(head, name)), ...(sha256 !== null && { sha256 }) };
  });
  return { record, layout: "form", letter, documents: await Promise.all(documents) };
}

async function kindOfHead(
  head: Uint8Array,
  name: string,
): Promise<Pick<CaseDocument, "type" | "picture" | "warnings">> {
  // A file crafted to confuse the detection counts as unknown.
  const found = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime ?? null;
  const { type, warnings } = documentKind(head, found, name);
  return { type, picture: type !== null && PICTURE_TYPES.includes(type), warnings };
}

async function whole({ body, size, path }: ArchiveEntry, maxBytes: number): Promise<Uint8Array> {
  if (size > maxBytes) throw new ArchiveError("too_large", `${path} is too large`);
  return new Uint8Array(await new Response(body).arrayBuffer());
}

async function firstBytes(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = body.getReader();
  while (length < maxBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = new Uint8Array(value.subarray(0, maxBytes - length));
    parts.push(part);
    length += part.length;
  }
  // The archive reader skips the rest.
  reader.releaseLock();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
