import { type NoteEvent, type NoteSet, noteEventId, writeNoteEvent } from "./note-event.js";

/** What an event is about; of two events about one thing, one can take the place of the other. */
export function kindOf(set: NoteSet): string {
  if ("tag" in set) return `tag ${set.tag}`;
  if ("person" in set) return `person ${set.person}`;
  return Object.keys(set)[0] ?? "unknown";
}

/**
 * The events of one case that count, in order: those that none has undone and none has taken the place of. The same for
 * the same events, in any order and however often they are given; the latest is the last.
 */
export function headsOf(events: Iterable<NoteEvent>): readonly NoteEvent[] {
  const distinct = new Map([...events].map((event) => [writeNoteEvent(event), event]));
  const ordered = [...distinct].sort(inOrder).map(([, event]) => event);
  const live = withoutUndone(ordered);
  const replaced = new Map<string, Set<string>>();
  for (const event of live) {
    for (const id of event.replaces) {
      if (!isEarlier(id, event)) continue;
      const kinds = replaced.get(id) ?? new Set();
      replaced.set(id, kinds.add(kindOf(event.set)));
    }
  }
  return live.filter((event) => !("undo" in event.set) && !replaced.get(noteEventId(event))?.has(kindOf(event.set)));
}

/** From the latest on: an event counts if no later one that counts has undone it. */
function withoutUndone(ordered: readonly NoteEvent[]): readonly NoteEvent[] {
  const undone = new Set<string>();
  const live: NoteEvent[] = [];
  for (const event of [...ordered].reverse()) {
    if (undone.has(noteEventId(event))) continue;
    live.push(event);
    if ("undo" in event.set) undone.add(event.set.undo);
  }
  return live.reverse();
}

/** Nothing takes the place of what came later: two hostile events could otherwise hide each other. */
function isEarlier(id: string, than: NoteEvent): boolean {
  const [desk = "", clock = ""] = id.split(":");
  return Number(clock) < than.clock || (Number(clock) === than.clock && desk < than.desk);
}

function inOrder([left, one]: [string, NoteEvent], [right, other]: [string, NoteEvent]): number {
  if (one.clock !== other.clock) return one.clock - other.clock;
  if (one.desk !== other.desk) return one.desk < other.desk ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
