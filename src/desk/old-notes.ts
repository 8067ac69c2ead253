import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { CASE_STATUSES, isCaseId, type NoteBook, type NoteChange } from "../cases/index.js";
import { fieldsOf, isJsonObject } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { CaseNotesError } from "./notes-folder.js";

/** What earlier versions wrote. It gets another name once it is in a log. */
const OLD_NOTES_FILE = "case-notes.json";

/**
 * What an earlier version wrote and no log has: a run that was killed may have put some into a log. It takes the place
 * of nothing that desks have written.
 * @throws CaseNotesError `damaged`
 */
export async function oldNotes(root: string, book: NoteBook): Promise<readonly NoteChange[]> {
  const path = join(root, OLD_NOTES_FILE);
  const text = await readFile(path, "utf8").catch(nullIfMissing);
  if (text === null) return [];
  try {
    return parse(JSON.parse(text)).filter(({ case: id, set }) => !isWritten(book, id, set));
  } catch (cause) {
    throw new CaseNotesError("damaged", `${path} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

/** Gives the file another name, once all of it is in a log. */
export async function setOldNotesAside(root: string, clock: number): Promise<void> {
  await rename(join(root, OLD_NOTES_FILE), join(root, `case-notes-in-log-${clock}.json`)).catch(nullIfMissing);
}

function isWritten(book: NoteBook, id: string, set: NoteChange["set"]): boolean {
  const sought = JSON.stringify(set);
  return book.events(id).some(({ clock, set: known }) => clock > 0 && JSON.stringify(known) === sought);
}

/** @throws TypeError if an earlier version did not write it */
function parse(file: unknown): NoteChange[] {
  const { format, version, cases } = fieldsOf(file);
  if (format !== "postern-case-notes" || version !== 1 || !isJsonObject(cases)) {
    throw new TypeError("this is not a file of case notes");
  }
  return Object.entries(cases).flatMap(([id, each]): NoteChange[] => {
    const { status, note } = fieldsOf(each);
    const known = CASE_STATUSES.find((one) => one === status);
    if (!isCaseId(id) || known === undefined || typeof note !== "string") throw new TypeError("malformed case note");
    return [
      ...(known === "new" ? [] : [{ case: id, set: { status: known }, replaces: [] }]),
      ...(note === "" ? [] : [{ case: id, set: { note }, replaces: [] }]),
    ];
  });
}
