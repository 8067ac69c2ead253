import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { ArchiveError, readArchive, type SubmissionRecord } from "../core/index.js";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** submission.json is read into memory; the answers in it have bounds far below this. */
const LONGEST_RECORD = 16 * 1024 * 1024;
const CASE = /^[0-9a-f]{32}$/;

/**
 * Writes the contents of a submission's archive into `folder`, which must be empty and private: until this resolves they
 * are unauthenticated, and if it rejects they must be thrown away.
 *
 * @returns the submission's record
 * @throws ArchiveError, or the stream's own error
 */
export async function extractSubmission(
  archive: ReadableStream<Uint8Array>,
  folder: string,
): Promise<SubmissionRecord> {
  let record: SubmissionRecord | undefined;
  let root = "";
  for await (const entry of readArchive(archive)) {
    root = entry.root;
    if (entry.kind === "folder") {
      if (entry.path !== "") await mkdir(join(folder, entry.path), { recursive: true, mode: FOLDER_MODE });
    } else if (entry.path === "submission.json") {
      if (entry.size > LONGEST_RECORD) throw new ArchiveError("too_large", "submission.json is too large");
      const octets = new Uint8Array(await new Response(entry.body).arrayBuffer());
      record = readRecord(octets);
      await writeFileFrom(join(folder, entry.path), new Blob([octets]).stream());
    } else if (entry.path !== "padding") {
      if (entry.path.startsWith("files/")) await mkdir(join(folder, "files"), { recursive: true, mode: FOLDER_MODE });
      await writeFileFrom(join(folder, entry.path), entry.body);
    }
  }
  if (record === undefined || root !== `submission-${record.case.slice(0, 8)}`) {
    throw new ArchiveError("malformed", "the archive's folder and its submission.json do not agree");
  }
  return record;
}

/** Checks what the desk itself relies on; the answers are for people to read. */
function readRecord(octets: Uint8Array): SubmissionRecord {
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch (cause) {
    throw new ArchiveError("malformed", "submission.json is not JSON", { cause });
  }
  if (!isRecord(record)) throw new ArchiveError("malformed", "submission.json is not a record of a submission");
  return record;
}

function isRecord(value: unknown): value is SubmissionRecord {
  if (typeof value !== "object" || value === null) return false;
  const { format, version, case: caseId } = value as Partial<Record<keyof SubmissionRecord, unknown>>;
  return format === "postern-submission" && version === 1 && typeof caseId === "string" && CASE.test(caseId);
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
