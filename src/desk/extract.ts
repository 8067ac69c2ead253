import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { type CaseRecord, LONGEST_RECORD, RECORD, readRecord, shortCase } from "../cases/index.js";
import { ArchiveError, readArchive } from "../core/index.js";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Writes the contents of a submission's archive into `folder`, which must be empty and private: until this resolves they
 * are unauthenticated, and if it rejects they must be thrown away.
 *
 * @returns what the submission's record says
 * @throws ArchiveError, or the stream's own error
 */
export async function extractSubmission(archive: ReadableStream<Uint8Array>, folder: string): Promise<CaseRecord> {
  let record: CaseRecord | undefined;
  let root = "";
  for await (const entry of readArchive(archive)) {
    root = entry.root;
    if (entry.kind === "folder") {
      if (entry.path !== "") await mkdir(join(folder, entry.path), { recursive: true, mode: FOLDER_MODE });
    } else if (entry.path === RECORD) {
      if (entry.size > LONGEST_RECORD) throw new ArchiveError("too_large", "submission.json is too large");
      const octets = new Uint8Array(await new Response(entry.body).arrayBuffer());
      record = readRecord(octets);
      await writeFileFrom(join(folder, entry.path), new Blob([octets]).stream());
    } else if (entry.path !== "padding") {
      if (entry.path.startsWith("files/")) await mkdir(join(folder, "files"), { recursive: true, mode: FOLDER_MODE });
      await writeFileFrom(join(folder, entry.path), entry.body);
    }
  }
  if (record === undefined || root !== `submission-${shortCase(record)}`) {
    throw new ArchiveError("malformed", "the archive's folder and its submission.json do not agree");
  }
  return record;
}

async function writeFileFrom(path: string, body: ReadableStream<Uint8Array>): Promise<void> {
  const file: FileHandle = await open(path, "wx", FILE_MODE);
  try {
    for await (const chunk of body) {
      for (let written = 0; written < chunk.length; ) {
        written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
      }
    }
  } finally {
    await file.close();
  }
}
