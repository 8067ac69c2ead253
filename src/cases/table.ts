import { sayAnswer } from "./answers.js";
import type { Case } from "./case.js";
import { answersTo, documentsOf, statusesOf } from "./case-text.js";
import type { AskedQuestion } from "./questions.js";
import { HIDDEN, showLetter } from "./show-hidden.js";

/**
 * The start of a formula, full width forms included, at the beginning of a cell or after a separator. A spreadsheet set
 * to Russian or Ukrainian splits at semicolons and loses count of the quotes, so separators count inside quotes too.
 */
const FORMULA = /(^|[;\t\r\n])((?:[^\S\t\r\n]|")*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
/** Spreadsheets hold at most 32,767 characters in a cell, and put the rest into cells that follow. */
const MAX_CELL_CHARS = 32_000;
const CUT_MARK = " […]";
/** Columns that every table has; an own form may give a question the name of one. */
const COLUMNS = [
  ...["case", "folder", "day", "language", "status", "note", "documents"],
  ...["assignee", "due", "tags", "spam", "duplicate-of"],
];

/** A quoted cell. An apostrophe before each start of a formula makes it text; what cannot be seen is shown. */
function cell(text: string): string {
  // Marks and shown characters make a text longer.
  const shown = showLetter(text.slice(0, MAX_CELL_CHARS)).replace(FORMULA, "$1'$2");
  const fitting = shown.length > MAX_CELL_CHARS || text.length > MAX_CELL_CHARS ? cut(shown) : shown;
  const harmless = /^\t/.test(fitting) ? `'${fitting}` : fitting;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function cut(text: string): string {
  return text.slice(0, MAX_CELL_CHARS).replace(/[\ud800-\udbff]$/, "") + CUT_MARK;
}

/**
 * Rows as comma-separated values (RFC 4180), after a byte order mark that tells spreadsheets of UTF-8. A cell has at
 * most 32,000 characters, and a mark where it was cut.
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** JSON that shows every invisible character by its number, and holds the same. */
export function writeJson(value: unknown): string {
  const codes = (text: string) =>
    Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  // The line ends between members are none of the texts', where they are escaped.
  return JSON.stringify(value, null, 1).replace(HIDDEN, (character) => (character === "\n" ? "\n" : codes(character)));
}

/** A header row, and a row for each case: a column for each question, by its id, follow-ups' answers included. */
export function tableOf(cases: readonly Case[], questions: readonly AskedQuestion[]): string[][] {
  const asked = questions.map(({ id }) => id);
  const taken = new Set([...COLUMNS, "letter"]);
  const head = [...COLUMNS, ...asked.map((id) => (taken.has(id) ? `answer-${id}` : id)), "letter"];
  const rows = cases.map((one) => [
    one.id,
    one.folder,
    one.day,
    one.language,
    statusesOf(one).join(" / "),
    one.note,
    documentsOf(one)
      .map(({ name }) => name)
      .join("; "),
    one.assignee ?? "",
    one.due ?? "",
    (one.tags ?? []).join("; "),
    one.spam === true ? "spam" : "",
    one.duplicateOf ?? "",
    ...asked.map((id) => answersTo(one, id).map(sayAnswer).join("; ")),
    one.letter,
  ]);
  return [head, ...rows];
}
