import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseRecord, RECORD_FILE, readRecord } from "../../cases/index.js";

import { sourceIn } from "./source.js";

/** The record in a case's folder, or null if none can be read. */
export function recordIn(folder: string): CaseRecord | null {
  try {
    // Only the desk writes source.json: no submission can claim to be what it is not.
    return readRecord(readFileSync(join(folder, RECORD_FILE)), sourceIn(folder).foreign);
  } catch {
    return null;
  }
}
