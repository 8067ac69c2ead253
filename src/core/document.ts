import type { ArchiveFile } from "./archive.js";
import { entryName } from "./entry-name.js";

/** One attached document. `open` is called once, when the archive reaches it. */
export interface Document {
  /** As the sending device named it. */
  readonly name: string;
  /** Media type as the sender's browser gave it: untrusted. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

/** One document in `submission.json` or `reply.json`. */
export interface DocumentRecord {
  /** Path below the archive's root folder. */
  readonly entry: string;
  /** As the sending device named it. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** Names the documents' entries in an archive: their records, and their files, in the same order. */
export function placeDocuments(documents: readonly Document[]): {
  readonly records: readonly DocumentRecord[];
  readonly files: readonly ArchiveFile[];
} {
  const entries = documents.map((document, index) => `files/${entryName(index + 1, document.name)}`);
  return {
    records: documents.map(({ name, type, size }, index) => ({ entry: entries[index] ?? "", name, type, bytes: size })),
    files: documents.map(({ size, open }, index) => ({ name: entries[index] ?? "", size, open })),
  };
}

/** A file that holds `content` in UTF-8. */
export function textFile(name: string, content: string): ArchiveFile {
  const bytes = new TextEncoder().encode(content);
  return { name, size: bytes.length, open: () => new Blob([bytes]).stream() };
}

/** A file that holds `record` as indented JSON, with a final newline. */
export function recordFile(name: string, record: object): ArchiveFile {
  return textFile(name, `${JSON.stringify(record, null, 2)}\n`);
}
