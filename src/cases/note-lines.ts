import { type NoteEvent, readNoteEvent } from "./note-event.js";

/** More than the longest note takes as JSON. */
export const MAX_LINE_CHARS = 1024 * 1024;

/** Reads the lines of a log, which a hostile colleague may have written. */
export class NoteLines {
  readonly events: NoteEvent[] = [];
  /** Numbers of the lines that could not be read, from 1. */
  readonly damaged: number[] = [];
  #number: number;

  /** @param before lines of the log that come before those added here */
  constructor(before = 0) {
    this.#number = before;
  }

  /** @param line without its line feed; null for one that is longer than {@link MAX_LINE_CHARS} */
  add(line: string | null): void {
    this.#number += 1;
    // Half a line: a program that was killed has left it, and never said that it was kept.
    if (line !== null && !line.trimEnd().endsWith("}")) return;
    try {
      if (line === null || line.length > MAX_LINE_CHARS) throw new RangeError("this line is too long");
      this.events.push(readNoteEvent(line));
    } catch {
      this.damaged.push(this.#number);
    }
  }
}

/** The lines of a whole log. */
export function readNoteLines(log: string): NoteLines {
  const lines = new NoteLines();
  for (let at = 0; at < log.length; ) {
    const end = log.indexOf("\n", at);
    const line = log.slice(at, end === -1 ? log.length : end);
    lines.add(line);
    at += line.length + 1;
  }
  return lines;
}
