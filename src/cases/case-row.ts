import { DAY_MS, isDay } from "../core/index.js";
import type { Case } from "./case.js";
import { answerTo } from "./case-text.js";
import { showHidden } from "./show-hidden.js";

/** Of the default form: who, where, under which article, what is asked for, and who writes. */
const TOLD = ["prisoner", "place", "charge", "request", "writer"];
const MAX_CELLS = TOLD.length;
/** Of an own form: an answer that is longer than a line says nothing in a row. */
const MAX_ANSWER_CHARS = 200;
const MAX_CELL_CHARS = 100;

export interface RowCell {
  /** The id of the question that this answers, or `letter`. */
  readonly of: string;
  /** One line, cut. */
  readonly text: string;
}

/**
 * What a list tells of a case: the answers to the questions above; of a form that has none of them, its first short
 * answers; and where there are fewer than two, the letter's first words.
 */
export function rowOf(one: Case): readonly RowCell[] {
  const told = TOLD.flatMap((id) => cellOf(one, id, Number.POSITIVE_INFINITY));
  const ids = Object.keys(one.answers);
  const cells = told.length > 0 ? told : ids.flatMap((id) => cellOf(one, id, MAX_ANSWER_CHARS)).slice(0, MAX_CELLS);
  const beginning = inOneLine(firstAnswer(one.letter));
  if (cells.length > 1 || beginning === "" || cells.some(({ text }) => text === beginning)) return cells;
  return [...cells, { of: "letter", text: beginning }];
}

/** A row as one line. What cannot be seen is shown, so that nothing in it controls a terminal. */
export function sayRow(one: Case): string {
  return rowOf(one)
    .map(({ text }) => showHidden(text))
    .join(" · ");
}

function cellOf(one: Case, id: string, maxChars: number): RowCell[] {
  const text = answerTo(one, id);
  return text === "" || text.length > maxChars ? [] : [{ of: id, text: inOneLine(text) }];
}

/** A letter begins with a heading and the first question (docs/FORMAT.md), unless its file was written by hand. */
function firstAnswer(letter: string): string {
  // The beginning is enough, and a hostile letter may be all line ends.
  const [heading = "", question, answer] = letter
    .slice(0, 20 * MAX_CELL_CHARS)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return answer ?? question ?? heading;
}

function inOneLine(text: string): string {
  const line = text
    .slice(0, 2 * MAX_CELL_CHARS)
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= MAX_CELL_CHARS ? line : `${line.slice(0, MAX_CELL_CHARS - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Whole days from `day` (UTC, YYYY-MM-DD) to now, or null if that is unknown or still to come. */
export function daysSince(day: string, now: Date): number | null {
  const begun = isDay(day) ? Date.parse(day) : Number.NaN;
  const days = Math.floor((now.getTime() - begun) / DAY_MS);
  return days >= 0 ? days : null;
}
