import type { CaseStatus } from "./case-status.js";
import { type NoteEvent, noteEventId } from "./note-event.js";
import { headsOf } from "./note-heads.js";

/** A note with its day and its writer. */
export interface DatedNote {
  /** `desk:clock` of its event. */
  readonly id: string;
  /** UTC, ISO 8601; empty if unknown. */
  readonly at: string;
  /** May be empty. */
  readonly by: string;
  readonly text: string;
}

/** What staff write about a case. */
export interface CaseNote {
  readonly status: CaseStatus;
  /** All notes as one text. */
  readonly note: string;
  /** Statuses that others set without having seen `status`; this and all that follows only if there are any. */
  readonly otherStatuses?: readonly CaseStatus[];
  readonly assignee?: string;
  /** UTC, YYYY-MM-DD. */
  readonly due?: string;
  readonly spam?: boolean;
  /** The id of a case. */
  readonly duplicateOf?: string;
  readonly tags?: readonly string[];
  readonly conflicts?: Conflicts;
}

/** What others set at the same time, without having seen what counts; latest last. */
export interface Conflicts {
  readonly assignee?: readonly string[];
  readonly due?: readonly string[];
  readonly duplicateOf?: readonly string[];
  readonly spam?: readonly boolean[];
}

/** The notes of a case of which these are the events that count. Of what was set at once the latest counts. */
export function noteOf(heads: readonly NoteEvent[]): CaseNote {
  const statuses = heads.flatMap(({ set }) => ("status" in set ? [set.status] : []));
  const assignee = latest(heads.flatMap(({ set }) => ("assignee" in set ? [set.assignee] : [])));
  const due = latest(heads.flatMap(({ set }) => ("due" in set ? [set.due] : [])));
  const spam = latest(heads.flatMap(({ set }) => ("spam" in set ? [set.spam] : [])));
  const duplicateOf = latest(heads.flatMap(({ set }) => ("duplicateOf" in set ? [set.duplicateOf] : [])));
  const status = latest(statuses);
  const tags = [...new Set(heads.flatMap(({ set }) => ("tag" in set && set.on ? [set.tag] : [])))].sort();
  const texts = new Set(datedNotes(heads).map(sayNote));
  const conflicts: Conflicts = {
    ...(assignee.others.length > 0 && { assignee: assignee.others }),
    ...(due.others.length > 0 && { due: due.others }),
    ...(spam.others.length > 0 && { spam: spam.others }),
    ...(duplicateOf.others.length > 0 && { duplicateOf: duplicateOf.others }),
  };
  return {
    status: status.value ?? "new",
    note: [...texts].join("\n"),
    ...(status.others.length > 0 && { otherStatuses: status.others }),
    ...(assignee.value && { assignee: assignee.value }),
    ...(due.value && { due: due.value }),
    ...(spam.value && { spam: true }),
    ...(duplicateOf.value && { duplicateOf: duplicateOf.value }),
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(conflicts).length > 0 && { conflicts }),
  };
}

/** The notes by case id. */
export function foldNotes(events: Iterable<NoteEvent>): ReadonlyMap<string, CaseNote> {
  const folded = [...byCase(events)].map(([id, some]) => [id, headsOf(some)] as const);
  return new Map(folded.filter(([, heads]) => heads.length > 0).map(([id, heads]) => [id, noteOf(heads)]));
}

/** The notes among the events that count, the latest last. */
export function datedNotes(heads: readonly NoteEvent[]): readonly DatedNote[] {
  return heads.flatMap((event) =>
    "note" in event.set && event.set.note !== ""
      ? [{ id: noteEventId(event), at: event.at, by: event.by, text: event.set.note }]
      : [],
  );
}

export function byCase(events: Iterable<NoteEvent>): ReadonlyMap<string, readonly NoteEvent[]> {
  const found = new Map<string, NoteEvent[]>();
  for (const event of events) {
    const known = found.get(event.case);
    if (known === undefined) found.set(event.case, [event]);
    else known.push(event);
  }
  return found;
}

function sayNote({ text, at, by }: DatedNote): string {
  return by === "" ? text : `${at.slice(0, 10)} ${by}: ${text}`;
}

function latest<Value>(values: readonly Value[]): { readonly value: Value | undefined; readonly others: Value[] } {
  const value = values.at(-1);
  return { value, others: [...new Set(values)].filter((each) => each !== value) };
}
