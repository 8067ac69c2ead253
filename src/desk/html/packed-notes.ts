import { type NoteEvent, writeNoteEvent } from "../../cases/index.js";
import type { NoteLogs } from "../note-logs.js";

/** Half of what the cases of a page may take. */
const MAX_CHARS = 16 * 1024 ** 2;

export interface PackedNotes {
  /** The events that count. */
  readonly notes: readonly NoteEvent[];
  readonly omittedNotes: number;
  readonly damagedLogs: readonly string[];
}

/** The notes as JSON holds them in a page: the latest, as many as fit. */
export function packLogs({ book, damaged }: Pick<NoteLogs, "book" | "damaged">): PackedNotes {
  const heads = [...book.allHeads()].sort((left, right) => right.clock - left.clock);
  let chars = 0;
  const notes = heads.filter((event) => {
    // What an earlier version wrote has no clock yet, and is in the cases.
    if (event.clock < 1) return false;
    chars += writeNoteEvent(event).length;
    return chars <= MAX_CHARS;
  });
  const omittedNotes = heads.filter(({ clock }) => clock > 0).length - notes.length;
  return { notes, omittedNotes, damagedLogs: damaged.map(({ file }) => file) };
}
