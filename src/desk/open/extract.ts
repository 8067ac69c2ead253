import { type CaseRecord, LONGEST_RECORD, RECORD, readArchivedRecord } from "../../cases/index.js";
import { ArchiveError, type EntryHead, readArchive, readWholeArchive } from "../../core/index.js";
import { CaseWriter } from "./case-writer.js";
import { SOURCE, type Source, writeSource } from "./source.js";

/** What an archive says of itself: not to be read before the archive is authenticated. */
export interface Extracted {
  /** The name of the archive's folder. */
  readonly root: string;
  /** Bytes of submission.json. */
  readonly record: Uint8Array;
}

/**
 * Has `unpack` write a submission into `folder`, which must be empty and private, and when that has vouched for it, notes beside
 * it where it came from and has it all on the disk. If this rejects, what is in the folder must be thrown away.
 */
export async function fillCase(
  folder: string,
  source: Source,
  unpack: (into: CaseWriter) => Promise<Extracted>,
): Promise<CaseRecord> {
  const into = new CaseWriter(folder);
  try {
    const { root, record } = await unpack(into);
    const read = readArchivedRecord(root, record);
    into.write(SOURCE, writeSource(source));
    await into.settle();
    return read;
  } finally {
    into.close();
  }
}

/**
 * Writes the contents of a submission's archive: until this resolves they are unauthenticated.
 *
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
 * The same for an archive that is in memory and authenticated.
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

/** What becomes of each entry. */
class Extraction {
  readonly #into: CaseWriter;
  #root = "";
  #record: Uint8Array | undefined;

  constructor(into: CaseWriter) {
    this.#into = into;
  }

  /** Whether the entry's contents are kept, and how. */
  begin({ kind, root, path, size }: EntryHead): "file" | "record" | null {
    this.#root = root;
    if (kind === "folder") {
      if (path !== "") this.#into.makeFolder(path);
      return null;
    }
    if (path === "padding") return null;
    if (path === RECORD) {
      if (size > LONGEST_RECORD) throw new ArchiveError("too_large", "submission.json is too large");
      return "record";
    }
    if (path.startsWith("files/")) this.#into.makeFolder("files");
    return "file";
  }

  record(contents: Uint8Array): void {
    // A copy, since contents may be a part of the whole archive, which would be kept as long.
    this.#record = Uint8Array.from(contents);
    this.#into.write(RECORD, contents);
  }

  end(): Extracted {
    // The rules ask for a record in every archive.
    return { root: this.#root, record: this.#record ?? new Uint8Array(0) };
  }
}
