import { type CaseNote, type DatedNote, datedNotes, noteOf } from "./case-note.js";
import { MAX_CLOCK, type NoteEvent, type NoteSet, noteEventId, readNoteEvent, writeNoteEvent } from "./note-event.js";
import { headsOf, kindOf } from "./note-heads.js";

/** What somebody wants to write about a case. */
export interface NoteChange {
  /** 32 hex digits. */
  readonly case: string;
  readonly set: NoteSet;
  /** Of a note: ids of the notes that it takes the place of. Anything else takes the place of all that is there. */
  readonly replaces?: readonly string[];
}

export interface Writer {
  readonly desk: string;
  readonly by: string;
  readonly now: Date;
}

/** The logs of all desks, merged. */
export class NoteBook {
  readonly #cases = new Map<string, { events: Map<string, NoteEvent>; heads: readonly NoteEvent[] | null }>();
  readonly #order: NoteEvent[] = [];
  #clock = 0;

  constructor(events: Iterable<NoteEvent> = []) {
    this.add(events);
  }

  /** Adds what is not there yet, in any order. */
  add(events: Iterable<NoteEvent>): void {
    for (const event of events) {
      const known = this.#cases.get(event.case) ?? { events: new Map<string, NoteEvent>(), heads: null };
      const line = writeNoteEvent(event);
      if (known.events.has(line)) continue;
      known.events.set(line, event);
      known.heads = null;
      this.#cases.set(event.case, known);
      this.#clock = Math.max(this.#clock, event.clock);
      this.#order.push(event);
    }
  }

  /** Number of events. */
  get size(): number {
    return this.#order.length;
  }

  /** The events after the first `count` that were added. */
  since(count: number): readonly NoteEvent[] {
    return this.#order.slice(count);
  }

  /** The largest clock so far. */
  get clock(): number {
    return this.#clock;
  }

  /** The events of a case that count. */
  heads(caseId: string): readonly NoteEvent[] {
    const known = this.#cases.get(caseId);
    if (known === undefined) return [];
    known.heads ??= headsOf(known.events.values());
    return known.heads;
  }

  /** All events of a case. */
  events(caseId: string): readonly NoteEvent[] {
    return [...(this.#cases.get(caseId)?.events.values() ?? [])];
  }

  /** All events. */
  *all(): Generator<NoteEvent> {
    for (const { events } of this.#cases.values()) yield* events.values();
  }

  /** Null for a case of which nobody has written. */
  of(caseId: string): CaseNote | null {
    const heads = this.heads(caseId);
    return heads.length === 0 ? null : noteOf(heads);
  }

  notes(caseId: string): readonly DatedNote[] {
    return datedNotes(this.heads(caseId));
  }

  /** The events of all cases that count: they alone give the same state. */
  *allHeads(): Generator<NoteEvent> {
    for (const id of this.#cases.keys()) yield* this.heads(id);
  }

  /**
   * The events that write `changes`, in their order. They are not in the book yet.
   * @throws RangeError if a log counts so far that no larger number is left
   */
  eventsFor(changes: readonly NoteChange[], { desk, by, now }: Writer): readonly NoteEvent[] {
    if (this.#clock + changes.length > MAX_CLOCK) throw new RangeError("a log of notes counts too far");
    return this.withReplaced(changes).map(({ case: id, set, replaces = [] }, index) => {
      const event = { desk, clock: this.#clock + 1 + index, at: now.toISOString(), by, case: id, replaces, set };
      // As it will be read from the log, or it would be another event then.
      return readNoteEvent(writeNoteEvent(event));
    });
  }

  /** The changes with what they take the place of, as far as this book knows. What others write meanwhile stays. */
  withReplaced(changes: readonly NoteChange[]): readonly NoteChange[] {
    return changes.map((change) => ({
      ...change,
      replaces: change.replaces ?? this.#replacedBy(change.case, change.set),
    }));
  }

  #replacedBy(id: string, set: NoteSet): readonly string[] {
    if ("note" in set || "undo" in set || "unknown" in set) return [];
    const kind = kindOf(set);
    return this.heads(id)
      .filter((event) => kindOf(event.set) === kind)
      .map(noteEventId);
  }
}
