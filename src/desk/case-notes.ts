import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import {
  CASE_STATUSES,
  type CaseNote,
  foldNotes,
  isCaseId,
  type NoteEvent,
  noteEventId,
  noteHeads,
  readNoteEvent,
  writeNoteEvent,
} from "../cases/index.js";
import { Fault, fieldsOf, isJsonObject } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";
import { thisDesk } from "./this-desk.js";

/** Folder of the logs, beside the cases: one for each desk, which alone appends to it. */
export const NOTES_FOLDER = "notes";
/** What earlier versions wrote. It gets another name once it is in a log. */
const OLD_NOTES_FILE = "case-notes.json";

export const NO_NOTE: CaseNote = { status: "new", note: "" };

export class CaseNotesError extends Fault<"damaged" | "unknown_case"> {}

export interface NoteChange {
  readonly status?: CaseNote["status"];
  readonly note?: string;
  /** Who writes it. */
  readonly by?: string;
}

/** The notes by case id, of all desks. @throws CaseNotesError `damaged` */
export async function readCaseNotes(folder: string): Promise<Readonly<Record<string, CaseNote>>> {
  const [events, old] = [await readEvents(folder), await readOldNotes(folder)];
  const missing = missingEvents(old, events).map(({ id, set }) => ({ ...NOT_YET_WRITTEN, case: id, set }));
  return Object.fromEntries(foldNotes([...missing, ...events]));
}

/**
 * Appends to this desk's log, and syncs it. Notes of other desks stay as they are.
 * @throws CaseNotesError `damaged`
 */
export async function writeCaseNote(folder: string, caseId: string, change: NoteChange): Promise<CaseNote> {
  const old = await readOldNotes(folder);
  const notes = join(folder, NOTES_FOLDER);
  await mkdir(notes, { recursive: true, mode: 0o700 });
  const events = await readEvents(folder);
  const desk = await thisDesk(notes);
  const added: NoteEvent[] = [];
  let clock = events.reduce((most, each) => Math.max(most, each.clock), 0);
  const add = (id: string, by: string, set: NoteEvent["set"], seen: readonly NoteEvent[]) => {
    clock += 1;
    const at = new Date().toISOString();
    added.push({ desk, clock, at, by, case: id, replaces: seen.map(noteEventId), set });
  };
  // They take the place of nothing that desks have written.
  for (const { id, set } of missingEvents(old, events)) add(id, "", set, []);
  const { by = "", status, note } = change;
  const heads = (kind: "status" | "note") => noteHeads([...events, ...added], kind).get(caseId) ?? [];
  if (status !== undefined) add(caseId, by, { status }, heads("status"));
  if (note !== undefined) add(caseId, by, { note }, heads("note"));
  await append(join(notes, `${desk}.jsonl`), added.map(writeNoteEvent));
  await rename(join(folder, OLD_NOTES_FILE), join(folder, `case-notes-in-log-${clock}.json`)).catch(nullIfMissing);
  return foldNotes([...events, ...added]).get(caseId) ?? NO_NOTE;
}

async function append(path: string, lines: readonly string[]): Promise<void> {
  const before = await readFile(path, "utf8").catch(nullIfMissing);
  // A run that was killed may have left half a line.
  const begin = before === null || before === "" || before.endsWith("\n") ? "" : "\n";
  const log = await open(path, "a", 0o600);
  try {
    await log.writeFile(begin + lines.map((line) => `${line}\n`).join(""));
    await log.sync();
  } finally {
    await log.close();
  }
}

async function readEvents(folder: string): Promise<NoteEvent[]> {
  const notes = join(folder, NOTES_FOLDER);
  const names = (await readdir(notes).catch(nullIfMissing)) ?? [];
  const events: NoteEvent[] = [];
  for (const name of names.filter((each) => each.endsWith(".jsonl")).sort()) {
    const path = join(notes, name);
    for (const [at, line] of (await readFile(path, "utf8")).split("\n").entries()) {
      const event = line === "" ? null : readLine(line, `${path}:${at + 1}`);
      if (event !== null) events.push(event);
    }
  }
  return events;
}

const NOT_YET_WRITTEN = { desk: "case-notes", clock: 0, at: "", by: "", replaces: [] };

/** What an earlier version wrote and no log has. A run that was killed may have put some into a log. */
function missingEvents(old: OldNotes, events: readonly NoteEvent[]): { id: string; set: NoteEvent["set"] }[] {
  const written = new Set(events.map((event) => keyOf(event.case, event.set)));
  return Object.entries(old).flatMap(([id, { status, note }]) => {
    const sets: NoteEvent["set"][] = [...(status === "new" ? [] : [{ status }]), ...(note === "" ? [] : [{ note }])];
    return sets.filter((set) => !written.has(keyOf(id, set))).map((set) => ({ id, set }));
  });
}

function keyOf(id: string, set: NoteEvent["set"]): string {
  return `${id} ${JSON.stringify(set)}`;
}

/** Null for half a line, which a run that was killed has left: it never said that the note was kept. */
function readLine(line: string, place: string): NoteEvent | null {
  try {
    return line.endsWith("}") ? readNoteEvent(line) : null;
  } catch (cause) {
    throw new CaseNotesError("damaged", `${place} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

type OldNotes = Readonly<Record<string, CaseNote>>;

async function readOldNotes(folder: string): Promise<OldNotes> {
  const path = join(folder, OLD_NOTES_FILE);
  const text = await readFile(path, "utf8").catch(nullIfMissing);
  if (text === null) return {};
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    throw new CaseNotesError("damaged", `${path} is damaged; put it back from a copy, or move it away`, { cause });
  }
}

/** @throws TypeError if an earlier version did not write it */
function parse(file: unknown): OldNotes {
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
