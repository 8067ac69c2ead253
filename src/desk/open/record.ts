import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseRecord, RECORD, readRecord } from "../../cases/index.js";

/** The record in a case's folder, or null where there is none that can be read. */
export function recordIn(folder: string): CaseRecord | null {
  try {
    return readRecord(readFileSync(join(folder, RECORD)));
  } catch {
    return null;
  }
}
