import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseRecord, RECORD, readRecord, shortCase } from "../../cases/index.js";
import { ArchiveError } from "../../core/index.js";
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
