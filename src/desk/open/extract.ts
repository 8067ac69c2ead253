import {
  type CaseRecord,
  type ForeignLayout,
  MAX_RECORD_BYTES,
  RECORD_FILE,
  readArchivedRecord,
} from "../../cases/index.js";
import {
  ARCHIVE_LIMITS,
  ArchiveError,
  type EntryHead,
  headOf,
  LAYOUT_HEAD_BYTES,
  layoutOf,
  type MessageNotes,
  readArchive,
  readWholeArchive,
} from "../../core/index.js";
import type { CaseWriter } from "./case-writer.js";
import { CONTENTS_FILE, fillForeignCase } from "./foreign-case.js";
import { SOURCE_FILE, type Source, writeSource } from "./source.js";

/** What must not be looked at before the message is authenticated. */
export type Extracted =
  | {
      readonly layout: "form";
      /** The name of the archive's folder. */
      readonly root: string;
      /** Bytes of submission.json. */
      readonly record: Uint8Array;
    }
  /** All of the plaintext is in {@link CONTENTS_FILE}. */
  | { readonly layout: ForeignLayout; readonly notes: MessageNotes };

/**
 * Has `unpack` write a submission. Once `unpack` has authenticated it, adds a note of its source and syncs everything.
 * If this rejects, delete the folder.
 * @param file the ciphertext
 */
export async function fillCase(
  into: CaseWriter,
  file: string,
  source: Source,
  unpack: (into: CaseWriter) => Promise<Extracted>,
): Promise<CaseRecord> {
  try {
    const extracted = await unpack(into);
    const { layout } = extracted;
    const record =
      layout === "form"
        ? readArchivedRecord(extracted.root, extracted.record)
        : await fillForeignCase(into, file, layout, extracted.notes);
    into.write(SOURCE_FILE, writeSource(layout === "form" ? source : { ...source, layout }));
    await into.sync();
    return record;
  } finally {
    into.close();
  }
}

/**
 * Writes the plaintext of a message, which is unauthenticated until this resolves: a submission's archive file by file,
 * anything else as a whole.
 * @throws ArchiveError, or the stream's own error
 */
export async function extractContents(
  plaintext: ReadableStream<Uint8Array>,
  notes: MessageNotes,
  into: CaseWriter,
): Promise<Extracted> {
  const { head, stream } = await headOf(plaintext, LAYOUT_HEAD_BYTES);
  const layout = layoutOf(head);
  if (layout === "form") return extractSubmission(stream, into);
  await into.writeFrom(CONTENTS_FILE, stream.pipeThrough(limitedTo(ARCHIVE_LIMITS.bytes)));
  return { layout, notes };
}

/** @throws ArchiveError `too_large`, through the stream */
function limitedTo(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new ArchiveError("too_large", `the message holds over ${maxBytes} bytes`);
      controller.enqueue(chunk);
    },
  });
}

/**
 * Writes the contents of a submission's archive, which are unauthenticated until this resolves.
 * @throws ArchiveError, or the stream's own error
 */
async function extractSubmission(archive: ReadableStream<Uint8Array>, into: CaseWriter): Promise<Extracted> {
  const extraction = new Extraction(into);
  for await (const entry of readArchive(archive)) {
    const kept = extraction.begin(entry);
    if (kept === "record") {
      extraction.record(new Uint8Array(await new Response(entry.body).arrayBuffer()));
    } else if (kept === "file") await into.writeFrom(entry.path, entry.body);
  }
  return extraction.end();
}

/**
 * The same for an authenticated archive in memory.
 * @throws ArchiveError
 */
export function extractWhole(archive: Uint8Array, into: CaseWriter): Extracted {
  const extraction = new Extraction(into);
  for (const entry of readWholeArchive(archive)) {
    const kept = extraction.begin(entry);
    if (kept === "record") extraction.record(entry.contents);
    else if (kept === "file") into.write(entry.path, entry.contents);
  }
  return extraction.end();
}

/** Decides what happens to each entry. */
class Extraction {
  readonly #into: CaseWriter;
  #root = "";
  #record: Uint8Array | undefined;

  constructor(into: CaseWriter) {
    this.#into = into;
  }

  /** Whether the entry's contents are the record, a file to write, or nothing to keep. */
  begin({ kind, root, path, size }: EntryHead): "file" | "record" | null {
    this.#root = root;
    if (kind === "folder") {
      if (path !== "") this.#into.makeFolder(path);
      return null;
    }
    if (path === "padding") return null;
    if (path === RECORD_FILE) {
      if (size > MAX_RECORD_BYTES) throw new ArchiveError("too_large", "submission.json is too large");
      return "record";
    }
    if (path.startsWith("files/")) this.#into.makeFolder("files");
    return "file";
  }

  record(contents: Uint8Array): void {
    // A copy: `contents` may be a view that would keep the whole archive in memory.
    this.#record = Uint8Array.from(contents);
    this.#into.write(RECORD_FILE, contents);
  }

  end(): Extracted {
    // The archive rules refuse an archive without a record.
    return { layout: "form", root: this.#root, record: this.#record ?? new Uint8Array(0) };
  }
}
