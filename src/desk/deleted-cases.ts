import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { NoteEvent } from "../cases/index.js";
import { recordIn, tombstonePath } from "./open/index.js";

/** Tells which notes are about cases that staff have deleted here. A copy of another desk's log may bring them back. */
export class DeletedCases {
  readonly #root: string;
  readonly #known = new Map<string, boolean>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether there is a tombstone, and no other folder of that id: somebody may have sent two letters with one. */
  has(caseId: string): boolean {
    const known = this.#known.get(caseId) ?? (existsSync(tombstonePath(this.#root, caseId)) && !this.#isThere(caseId));
    this.#known.set(caseId, known);
    return known;
  }

  /** The event without content, if it is about a deleted case: the clocks of its desk must go on. */
  emptied(event: NoteEvent): NoteEvent {
    return this.tells(event) ? { ...event, at: "", by: "", replaces: [], set: { unknown: {} } } : event;
  }

  /** Whether an event says anything of a deleted case. */
  tells({ case: id, by, at, replaces, set }: NoteEvent): boolean {
    const isErased = at === "" && by === "" && replaces.length === 0 && isEmpty(set);
    return !isErased && this.has(id);
  }

  #isThere(caseId: string): boolean {
    const begin = `submission-${caseId.slice(0, 8)}`;
    const names = readdirSync(this.#root).filter((name) => name.startsWith(begin));
    return names.some((name) => recordIn(join(this.#root, name))?.caseId === caseId);
  }
}

function isEmpty(set: NoteEvent["set"]): boolean {
  return "unknown" in set && JSON.stringify(set.unknown) === "{}";
}
