import { type CaseNote, type NoteChange as Change, type NoteBook, noteEventId } from "../cases/index.js";
import { NoteLogs } from "./note-logs.js";
import { oldNotes, setOldNotesAside } from "./old-notes.js";

export const NO_NOTE: CaseNote = { status: "new", note: "" };

export interface NoteChange {
  readonly status?: CaseNote["status"];
  /** Takes the place of the notes that are there. */
  readonly note?: string;
  /** Is put beside the notes that are there. */
  readonly addNote?: string;
  /** Who writes it. */
  readonly by?: string;
}

/** The logs of all desks, with what an earlier version wrote and no log has. @throws CaseNotesError `damaged` */
export async function openCaseNotes(root: string): Promise<NoteLogs> {
  const logs = await NoteLogs.open(root);
  const old = await oldNotes(root, logs.book);
  const written = { desk: "case-notes", clock: 0, at: "", by: "", replaces: [] };
  logs.book.add(old.map(({ case: id, set }) => ({ ...written, case: id, set })));
  return logs;
}

/** Puts into this desk's log what an earlier version wrote, if it is not there yet. @throws CaseNotesError */
export async function logOldNotes(root: string): Promise<void> {
  const logs = await NoteLogs.open(root);
  if ((await oldNotes(root, logs.book)).length > 0) await writeChanges(root, logs, () => [], "");
}

/**
 * Appends to this desk's log, and syncs it. Notes of other desks stay as they are.
 * @throws CaseNotesError
 */
export async function writeCaseNote(root: string, caseId: string, change: NoteChange): Promise<CaseNote> {
  const logs = await NoteLogs.open(root);
  await writeChanges(root, logs, (book) => changesOf(book, caseId, change), change.by ?? "");
  return logs.book.of(caseId) ?? NO_NOTE;
}

/** Appends changes to this desk's log, and before them what an earlier version wrote. @throws CaseNotesError */
export async function writeChanges(
  root: string,
  logs: NoteLogs,
  changes: (book: NoteBook) => readonly Change[],
  by: string,
): Promise<ReturnType<NoteLogs["write"]>> {
  const old = await oldNotes(root, logs.book);
  if (old.length > 0) await logs.write(() => old, "", new Date());
  const events = await logs.write(changes, by, new Date());
  await setOldNotesAside(root, logs.book.clock);
  return events;
}

function changesOf(book: NoteBook, id: string, { status, note, addNote }: NoteChange): readonly Change[] {
  const before = book.heads(id).filter(({ set }) => "note" in set);
  return [
    ...(status === undefined ? [] : [{ case: id, set: { status } }]),
    ...(note === undefined ? [] : [{ case: id, set: { note }, replaces: before.map(noteEventId) }]),
    ...(addNote === undefined ? [] : [{ case: id, set: { note: addNote } }]),
  ];
}
