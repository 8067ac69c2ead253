import type { ArchiveFile } from "./archive.js";
import { entryName } from "./entry-name.js";

/** One attached document. `open` is called once, when its turn in the archive comes. */
export interface Document {
  /** As the device it comes from named it. */
  readonly name: string;
  /** Media type as the submitter's browser gave it; nothing is to be believed of it. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

/** What a record says of one document. */
export interface DocumentRecord {
  /** Path below the archive's root folder. */
  readonly entry: string;
  /** As the device it came from named it. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** The documents' places in an archive, in their order: what the record says of them, and the files themselves. */
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

/** A file of an archive whose contents are `content`, in UTF-8. */
export function textFile(name: string, content: string): ArchiveFile {
  const bytes = new TextEncoder().encode(content);
  return { name, size: bytes.length, open: () => new Blob([bytes]).stream() };
}

/** A record as it stands in an archive: indented JSON with a line's end. */
export function recordFile(name: string, record: object): ArchiveFile {
  return textFile(name, `${JSON.stringify(record, null, 2)}\n`);
}
