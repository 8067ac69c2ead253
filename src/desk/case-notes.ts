import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { isCaseId } from "../cases/index.js";
import { Fault, fieldsOf, isJsonObject } from "../core/index.js";

export const CASE_NOTES = "case-notes.json";
export const STATUSES = ["new", "reading", "waiting", "answered", "closed"] as const;
export type CaseStatus = (typeof STATUSES)[number];

/** What staff wrote about a case themselves. */
export interface CaseNote {
  readonly status: CaseStatus;
  readonly note: string;
}

export const NO_NOTE: CaseNote = { status: "new", note: "" };

export class CaseNotesError extends Fault<"damaged" | "unknown_case"> {}

/** What staff wrote, by case id. @throws CaseNotesError if the file is damaged: it is never begun anew by itself */
export async function readCaseNotes(folder: string): Promise<Readonly<Record<string, CaseNote>>> {
  const path = join(folder, CASE_NOTES);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw cause;
  });
  if (text === null) return {};
  try {
    return checked(JSON.parse(text));
  } catch (cause) {
    throw new CaseNotesError("damaged", `${path} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

/** @throws TypeError if it is not what {@link writeCaseNote} writes */
function checked(file: unknown): Readonly<Record<string, CaseNote>> {
  const { format, version, cases } = fieldsOf(file);
  if (format !== "postern-case-notes" || version !== 1 || !isJsonObject(cases)) {
    throw new TypeError("these are not the notes of cases");
  }
  const read = Object.entries(cases).map(([id, each]) => {
    const { status, note } = fieldsOf(each);
    const known = STATUSES.find((one) => one === status);
    if (!isCaseId(id) || known === undefined || typeof note !== "string") throw new TypeError("a case's note is none");
    return [id, { status: known, note }] as const;
  });
  return Object.fromEntries(read);
}

/** Changes what is written about one case, and leaves the others as they are. */
export async function writeCaseNote(folder: string, caseId: string, change: Partial<CaseNote>): Promise<CaseNote> {
  const cases = await readCaseNotes(folder);
  const changed = { ...(cases[caseId] ?? NO_NOTE), ...change };
  const text = JSON.stringify(
    { format: "postern-case-notes", version: 1, cases: { ...cases, [caseId]: changed } },
    null,
    1,
  );
  const unfinished = join(folder, `.${CASE_NOTES}`);
  const target = await open(unfinished, "w", 0o600);
  try {
    await target.writeFile(`${text}\n`);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(unfinished, join(folder, CASE_NOTES));
  return changed;
}
