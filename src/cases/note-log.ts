import { fieldsOf } from "../core/index.js";
import { CASE_STATUSES, type CaseStatus } from "./case-status.js";
import { isCaseId } from "./record.js";

/** What somebody at a desk wrote about a case: a line of that desk's log. It is never changed. */
export interface NoteEvent {
  /** The desk whose log this is. */
  readonly desk: string;
  /** Lamport clock: larger than that of every event that the desk had seen. */
  readonly clock: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** Who wrote it; may be empty. */
  readonly by: string;
  /** 32 hex digits. */
  readonly case: string;
  /** Ids of the events of the same kind that the writer saw, and which this takes the place of. */
  readonly replaces: readonly string[];
  readonly set: { readonly status: CaseStatus } | { readonly note: string };
}

/** What staff write about a case. */
export interface CaseNote {
  readonly status: CaseStatus;
  readonly note: string;
  /** Statuses that others set without having seen `status`; only if there are any. */
  readonly otherStatuses?: readonly CaseStatus[];
}

export type NoteKind = "status" | "note";

const MAX_TEXT_CHARS = 100_000;
const DESK = /^[a-z0-9-]{1,40}$/;

/** The event in a line of a log; null for one of a kind that a later version writes. @throws TypeError if it is none */
export function readNoteEvent(line: string): NoteEvent | null {
  const { desk, clock, at, by, case: caseId, replaces, set } = fieldsOf(JSON.parse(line));
  const { status, note } = fieldsOf(set);
  const known = CASE_STATUSES.find((each) => each === status);
  if (!isText(desk) || !DESK.test(desk) || !Number.isSafeInteger(clock) || Number(clock) < 1 || !isCaseId(caseId)) {
    throw new TypeError("this is no line of a log of notes");
  }
  if (known === undefined && !isText(note)) return null;
  const seen = (Array.isArray(replaces) ? replaces : []).filter(isText);
  const head = { desk, clock: Number(clock), at: isText(at) ? at : "", by: isText(by) ? by : "", case: caseId };
  return { ...head, replaces: seen, set: known === undefined ? { note: String(note) } : { status: known } };
}

export function writeNoteEvent({ desk, clock, at, by, case: caseId, replaces, set }: NoteEvent): string {
  return JSON.stringify({ desk, clock, at, by, case: caseId, replaces, set });
}

export function noteEventId({ desk, clock }: NoteEvent): string {
  return `${desk}:${clock}`;
}

/**
 * The events of one kind that no other has taken the place of, by case: one, or several where desks did not know of
 * each other. The same for the same events, in any order and however often they are given; the latest is the last.
 */
export function noteHeads(events: Iterable<NoteEvent>, kind: NoteKind): ReadonlyMap<string, readonly NoteEvent[]> {
  const distinct = new Map([...events].filter(({ set }) => kind in set).map((event) => [writeNoteEvent(event), event]));
  const replaced = new Set(
    [...distinct.values()].flatMap((event) => event.replaces.map((id) => `${event.case} ${id}`)),
  );
  const heads = new Map<string, NoteEvent[]>();
  for (const [, event] of [...distinct].sort(inOrder)) {
    if (!replaced.has(`${event.case} ${noteEventId(event)}`))
      heads.set(event.case, [...(heads.get(event.case) ?? []), event]);
  }
  return heads;
}

/** The notes by case id. Of statuses set at once the latest counts, and the others are named; notes are all shown. */
export function foldNotes(events: readonly NoteEvent[]): ReadonlyMap<string, CaseNote> {
  const [statuses, notes] = [noteHeads(events, "status"), noteHeads(events, "note")];
  const folded = new Map<string, CaseNote>();
  for (const id of new Set([...statuses.keys(), ...notes.keys()])) {
    const set = (statuses.get(id) ?? []).flatMap((event) => ("status" in event.set ? [event.set.status] : []));
    const status = set.at(-1) ?? "new";
    const others = [...new Set(set)].filter((each) => each !== status);
    const texts = new Set((notes.get(id) ?? []).map(sayNote).filter((text) => text !== ""));
    folded.set(id, { status, note: [...texts].join("\n"), ...(others.length > 0 && { otherStatuses: others }) });
  }
  return folded;
}

function sayNote({ set, at, by }: NoteEvent): string {
  const text = "note" in set ? set.note.slice(0, MAX_TEXT_CHARS) : "";
  return text === "" || by === "" ? text : `${at.slice(0, 10)} ${by}: ${text}`;
}

function inOrder([left, one]: [string, NoteEvent], [right, other]: [string, NoteEvent]): number {
  if (one.clock !== other.clock) return one.clock - other.clock;
  if (one.desk !== other.desk) return one.desk < other.desk ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
