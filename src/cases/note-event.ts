import { fieldsOf, isDay } from "../core/index.js";
import { CASE_STATUSES, type CaseStatus } from "./case-status.js";
import { isCaseId } from "./record.js";

/** What an event says of its case. */
export type NoteSet =
  | { readonly status: CaseStatus }
  | { readonly note: string }
  /** Who works on it; empty for nobody. */
  | { readonly assignee: string }
  /** UTC, YYYY-MM-DD; empty for none. */
  | { readonly due: string }
  | { readonly spam: boolean }
  /** 32 hex digits; empty for none. */
  | { readonly duplicateOf: string }
  | { readonly tag: string; readonly on: boolean }
  /** Whether another case (32 hex digits) is about the same person; null takes back what was said. */
  | { readonly person: string; readonly same: boolean | null }
  /** Id of an event of the same case that no longer counts. */
  | { readonly undo: string }
  /** Of a kind that a later version writes: kept, and without effect. */
  | { readonly unknown: unknown };

/** What somebody at a desk wrote about a case: a line of that desk's log. It is never changed. */
export interface NoteEvent {
  /** The desk whose log this is. */
  readonly desk: string;
  /** Lamport clock: larger than that of every event that the desk had seen. At most {@link MAX_CLOCK}. */
  readonly clock: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Who wrote it; may be empty. */
  readonly by: string;
  /** 32 hex digits. */
  readonly case: string;
  /** Ids of the events of the same kind that the writer saw, and which this takes the place of. */
  readonly replaces: readonly string[];
  readonly set: NoteSet;
}

/** No desk comes near it. A log that counts further would leave the others no larger number. */
export const MAX_CLOCK = 2 ** 40;
export const MAX_NOTE_CHARS = 100_000;
/** Of a name or a tag. */
export const MAX_LABEL_CHARS = 100;
const MAX_REPLACED = 1_000;
const DESK = /^[a-z0-9-]{1,40}$/;
const EVENT_ID = /^[a-z0-9-]{1,40}:\d{1,16}$/;

/** The event in a line of a log. @throws TypeError if it is none, SyntaxError if it is no JSON */
export function readNoteEvent(line: string): NoteEvent {
  const { desk, clock, at, by, case: caseId, replaces, set } = fieldsOf(JSON.parse(line));
  if (!isText(desk) || !DESK.test(desk) || !isClock(clock) || !isCaseId(caseId)) {
    throw new TypeError("this is no line of a log of notes");
  }
  const seen = (Array.isArray(replaces) ? replaces : []).filter(isEventId).slice(0, MAX_REPLACED);
  const head = { desk, clock, at: labelOf(at), by: labelOf(by), case: caseId };
  return { ...head, replaces: seen, set: readSet(set, caseId) };
}

export function writeNoteEvent({ desk, clock, at, by, case: caseId, replaces, set }: NoteEvent): string {
  return JSON.stringify({ desk, clock, at, by, case: caseId, replaces, set: "unknown" in set ? set.unknown : set });
}

export function noteEventId({ desk, clock }: Pick<NoteEvent, "desk" | "clock">): string {
  return `${desk}:${clock}`;
}

/** What a page or a command asks for; `unknown` if it is malformed. */
export function readSet(given: unknown, caseId: string): NoteSet {
  const set = fieldsOf(given);
  const { status, note, assignee, due, spam, duplicateOf, tag, on, person, same, undo } = set;
  const known = CASE_STATUSES.find((each) => each === status);
  if (known !== undefined) return { status: known };
  if (isText(note)) return { note: note.slice(0, MAX_NOTE_CHARS) };
  if (isText(assignee)) return { assignee: labelOf(assignee) };
  if (due === "" || (isText(due) && isDay(due))) return { due };
  if (typeof spam === "boolean") return { spam };
  if (duplicateOf === "" || (isCaseId(duplicateOf) && duplicateOf !== caseId)) return { duplicateOf };
  if (isText(tag) && tag.trim() !== "" && typeof on === "boolean") return { tag: labelOf(tag), on };
  if (isCaseId(person) && person !== caseId && isAnswer(same)) return { person, same };
  if (isEventId(undo)) return { undo };
  return { unknown: given };
}

function isAnswer(value: unknown): value is boolean | null {
  return value === null || typeof value === "boolean";
}

function isClock(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_CLOCK;
}

function isEventId(value: unknown): value is string {
  return isText(value) && EVENT_ID.test(value);
}

function labelOf(value: unknown): string {
  return isText(value) ? value.trim().slice(0, MAX_LABEL_CHARS) : "";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
