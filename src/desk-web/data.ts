import {
  type Case,
  type NoteEvent,
  type PackedCase,
  readNoteEvent,
  unpackCase,
  writeNoteEvent,
} from "../cases/index.js";
import type { Words } from "./words.js";

/** The data in the index page, written by `src/desk/html/case-index.ts`. */
export interface IndexData {
  readonly words: Words;
  readonly cases: readonly Case[];
  /** Number of cases of which the page holds only a part. */
  readonly shortened: number;
  /** Number of cases that it does not hold. */
  readonly omitted: number;
  /** The events of the logs of notes that count. */
  readonly notes: readonly NoteEvent[];
  /** Number of those that it does not hold. */
  readonly omittedNotes: number;
  /** Names of logs of which lines could not be read. */
  readonly damagedLogs: readonly string[];
}

/** Reads the data from its elements, and removes them to free their memory. */
export function takeIndexData(page: ParentNode): IndexData {
  const [first = "{}", ...rest] = [...page.querySelectorAll("#data, script.cases, #left-out")].map((element) => {
    element.remove();
    return element.textContent ?? "";
  });
  const leftOut = rest.pop() ?? "{}";
  const cases = rest.flatMap((text) => (JSON.parse(text) as PackedCase[]).map(unpackCase));
  const { notes, ...left } = JSON.parse(leftOut) as LeftOut;
  return { ...(JSON.parse(first) as Pick<IndexData, "words">), ...left, cases, notes: readNotes(notes) };
}

/** What a page or the workbench holds of the notes, read again as of a log: a colleague may have written it. */
export function readNotes(events: readonly NoteEvent[]): readonly NoteEvent[] {
  return events.map((event) => readNoteEvent(writeNoteEvent(event)));
}

type LeftOut = Omit<IndexData, "words" | "cases">;
