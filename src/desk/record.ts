import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseRecord, readRecord, shortCase } from "../cases/record.js";
import { RECORD } from "../cases/record-file.js";
import { ArchiveError } from "../core/archive-rules.js";
import type { Extracted } from "./extract.js";

/** The record in a case's folder, or null where there is none that can be read. */
export function recordIn(folder: string): CaseRecord | null {
  try {
    return readRecord(readFileSync(join(folder, RECORD)));
  } catch {
    return null;
  }
}

/**
 * What the record of a submission that has been extracted says.
 * @throws ArchiveError
 */
export function recordOf({ root, record }: Extracted): CaseRecord {
  const read = readRecord(record);
  if (root !== `submission-${shortCase(read)}`) {
    throw new ArchiveError("malformed", "the archive's folder and its submission.json do not agree");
  }
  return read;
}
