import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CaseRecord, RECORD, readRecord } from "../cases/index.js";

/** The record in a case's folder, or null where there is none that can be read. */
export async function recordIn(folder: string): Promise<CaseRecord | null> {
  try {
    return readRecord(await readFile(join(folder, RECORD)));
  } catch {
    return null;
  }
}
