import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { CASE_STATUSES, type CaseStatus, isCaseId } from "../cases/index.js";
import { Fault, fieldsOf, isJsonObject } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";

export const CASE_NOTES_FILE = "case-notes.json";

/** What staff write about a case. */
export interface CaseNote {
  readonly status: CaseStatus;
  readonly note: string;
}

export const NO_NOTE: CaseNote = { status: "new", note: "" };

export class CaseNotesError extends Fault<"damaged" | "unknown_case"> {}

/** The notes by case id. @throws CaseNotesError `damaged`: the file is never replaced by an empty one */
export async function readCaseNotes(folder: string): Promise<Readonly<Record<string, CaseNote>>> {
  const path = join(folder, CASE_NOTES_FILE);
  const text = await readFile(path, "utf8").catch(nullIfMissing);
  if (text === null) return {};
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    throw new CaseNotesError("damaged", `${path} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

/** @throws TypeError if {@link writeCaseNote} did not write it */
function parse(file: unknown): Readonly<Record<string, CaseNote>> {
  const { format, version, cases } = fieldsOf(file);
  if (format !== "postern-case-notes" || version !== 1 || !isJsonObject(cases)) {
    throw new TypeError("this is not a file of case notes");
  }
  const notes = Object.entries(cases).map(([id, each]) => {
    const { status, note } = fieldsOf(each);
    const known = CASE_STATUSES.find((one) => one === status);
    if (!isCaseId(id) || known === undefined || typeof note !== "string") throw new TypeError("malformed case note");
    return [id, { status: known, note }] as const;
  });
  return Object.fromEntries(notes);
}

/** Changes the note on one case and keeps the others. */
export async function writeCaseNote(folder: string, caseId: string, change: Partial<CaseNote>): Promise<CaseNote> {
  const cases = await readCaseNotes(folder);
  const changed = { ...(cases[caseId] ?? NO_NOTE), ...change };
  const text = JSON.stringify(
    { format: "postern-case-notes", version: 1, cases: { ...cases, [caseId]: changed } },
    null,
    1,
  );
  const unfinished = join(folder, `.${CASE_NOTES_FILE}`);
  const target = await open(unfinished, "w", 0o600);
  try {
    await target.writeFile(`${text}\n`);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(unfinished, join(folder, CASE_NOTES_FILE));
  return changed;
}
