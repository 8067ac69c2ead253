import {
  type Case,
  type NoteEvent,
  type PackedCase,
  readNoteEvent,
  unpackCase,
  writeNoteEvent,
} from "../cases/index.js";
import { untilParsed } from "../dom/index.js";
import { idleTime } from "./idle-time.js";
import type { Words } from "./words.js";

/** What a page holds of the cases, and what it does not. */
export interface IndexData {
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

/** What stands before the script of the index page, written by `src/desk/html/case-index.ts`: the newest cases. */
export interface IndexStart extends Pick<IndexData, "cases" | "notes"> {
  readonly words: Words;
  /** Of all cases, as far as their folders tell. */
  readonly total: number;
}

/** What is after all cases; the notes are those of no newest case. */
export type IndexEnd = Omit<IndexData, "cases">;

/** Reads the newest cases from their elements, and removes them to free their memory. */
export function takeIndexStart(page: ParentNode): IndexStart {
  const { words } = JSON.parse(takeText(page.querySelector("#data"))) as Pick<IndexStart, "words">;
  const cases = takeCases(page.querySelector("script.cases"));
  const { total = cases.length, notes = [] } = JSON.parse(
    takeText(page.querySelector("#newest")),
  ) as Partial<IndexStart>;
  return { words, total, cases, notes: readNotes(notes) };
}

/**
 * Reads the other cases once the browser has them, in portions: people can work meanwhile.
 * @param noted called with the notes, before all cases of which they are
 * @param take called with each portion
 * @returns null if the page has no end
 */
export async function takeIndexRest(
  page: Document,
  noted: (notes: readonly NoteEvent[]) => void,
  take: (cases: readonly Case[]) => void,
): Promise<IndexEnd | null> {
  await untilParsed(page);
  const element = page.querySelector("#left-out");
  if (element === null) return null;
  const { notes, ...end } = JSON.parse(takeText(element)) as IndexEnd;
  const read = readNotes(notes);
  noted(read);
  for (const portion of page.querySelectorAll("script.cases")) {
    await idleTime();
    take(takeCases(portion));
  }
  return { ...end, notes: read };
}

function takeCases(element: Element | null): Case[] {
  return (JSON.parse(takeText(element, "[]")) as PackedCase[]).map(unpackCase);
}

function takeText(element: Element | null, none = "{}"): string {
  element?.remove();
  return element?.textContent ?? none;
}

/** What a page or the workbench holds of the notes, read again as of a log: a colleague may have written it. */
export function readNotes(events: readonly NoteEvent[]): readonly NoteEvent[] {
  return events.map((event) => readNoteEvent(writeNoteEvent(event)));
}
