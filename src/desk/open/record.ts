import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseRecord, RECORD_FILE, readRecord } from "../../cases/index.js";

/** The record in a case's folder, or null if none can be read. */
export function recordIn(folder: string): CaseRecord | null {
  try {
    return readRecord(readFileSync(join(folder, RECORD_FILE)));
  } catch {
    return null;
  }
}
