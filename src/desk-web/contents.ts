import { type Keep, readForeign, type SubmissionSummary, summarise } from "../cases/index.js";
import {
  type ContentsLayout,
  headOf,
  LAYOUT_HEAD_BYTES,
  layoutOf,
  type MessageNotes,
  TarError,
} from "../core/index.js";
import { collect, extractArchive, extractFile } from "./extract.js";

/** The plaintext of a message, unauthenticated until its stream ends without an error. */
export interface Plaintext {
  readonly data: ReadableStream<Uint8Array>;
  readonly notes: MessageNotes;
}

/** Decrypts the message from its beginning. */
export type Decrypt = () => Promise<Plaintext>;

/** What a message holds, except the contents of its documents. @throws ArchiveError, or the stream's own error */
export async function summaryOf(decrypt: Decrypt, caseId: string): Promise<SubmissionSummary> {
  const { layout, stream, notes } = await begin(await decrypt());
  return layout === "form" ? summarise(stream) : readAnyForeign(decrypt, { layout, stream, notes }, caseId, count);
}

/** One document, or its first `maxBytes` bytes. @throws ArchiveError, or the stream's own error */
export async function documentIn(decrypt: Decrypt, path: string, maxBytes: number | null = null): Promise<Blob> {
  const { layout, stream, notes } = await begin(await decrypt());
  if (layout === "form") return extractFile(stream, path, maxBytes);
  let found: Blob = new Blob();
  await readAnyForeign(decrypt, { layout, stream, notes }, "", async (entry, contents) => {
    if (entry !== path) return count(entry, contents);
    found = await collect(contents, maxBytes ?? Number.POSITIVE_INFINITY);
    return found.size;
  });
  return found;
}

/** The archive of a form. @throws ArchiveError, or the stream's own error */
export async function archiveIn(decrypt: Decrypt): Promise<Blob> {
  return extractArchive((await decrypt()).data);
}

interface Contents {
  readonly layout: ContentsLayout;
  readonly stream: ReadableStream<Uint8Array>;
  readonly notes: MessageNotes;
}

async function begin({ data, notes }: Plaintext): Promise<Contents> {
  const { head, stream } = await headOf(data, LAYOUT_HEAD_BYTES);
  return { layout: layoutOf(head), stream, notes };
}

/** What a person encrypted with a program of their own. A folder that is no tar is read again, as one document. */
async function readAnyForeign(
  decrypt: Decrypt,
  { layout, stream, notes }: Contents,
  caseId: string,
  keep: Keep,
): Promise<SubmissionSummary> {
  if (layout !== "folder") return readForeign(stream, "document", notes, caseId, keep);
  try {
    return await readForeign(stream, layout, notes, caseId, keep);
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    const named = { ...notes, fileName: notes.fileName || "folder.tar" };
    return readForeign((await decrypt()).data, "document", named, caseId, keep);
  }
}

async function count(_entry: string, contents: ReadableStream<Uint8Array>): Promise<number> {
  let bytes = 0;
  const reader = contents.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
  return bytes;
}
