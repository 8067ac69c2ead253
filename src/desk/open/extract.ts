import { type CaseRecord, MAX_RECORD_BYTES, RECORD_FILE, readArchivedRecord } from "../../cases/index.js";
import { ArchiveError, type EntryHead, readArchive, readWholeArchive } from "../../core/index.js";
import type { CaseWriter } from "./case-writer.js";
import { SOURCE_FILE, type Source, writeSource } from "./source.js";

/** An archive's folder and its record, which must not be read before the archive is authenticated. */
export interface Extracted {
  /** The name of the archive's folder. */
  readonly root: string;
  /** Bytes of submission.json. */
  readonly record: Uint8Array;
}

/**
 * Has `unpack` write a submission. Once `unpack` has authenticated it, adds a note of its source and syncs everything.
 * If this rejects, delete the folder.
 */
export async function fillCase(
  into: CaseWriter,
  source: Source,
  unpack: (into: CaseWriter) => Promise<Extracted>,
): Promise<CaseRecord> {
  try {
    const { root, record } = await unpack(into);
    const read = readArchivedRecord(root, record);
    into.write(SOURCE_FILE, writeSource(source));
    await into.sync();
    return read;
  } finally {
    into.close();
  }
}

/**
 * Writes the contents of a submission's archive, which are unauthenticated until this resolves.
 * @throws ArchiveError, or the stream's own error
 */
export async function extractSubmission(archive: ReadableStream<Uint8Array>, into: CaseWriter): Promise<Extracted> {
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
    return { root: this.#root, record: this.#record ?? new Uint8Array(0) };
  }
}
