import type { Case } from "../cases/index.js";
import type { AskedQuestion } from "./questions.js";

/**
 * What a spreadsheet would take for a formula, full width forms included: at the beginning, and after whatever ends a cell or a
 * row. A program set to Russian or Ukrainian splits at semicolons, and so loses count of the quotes.
 */
const FORMULA = /(^|[;\t\r\n])((?:[^\S\t\r\n]|")*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Gets a mark in front of each such beginning, which makes it text. */
function cell(text: string): string {
  const marked = text.replace(FORMULA, "$1'$2");
  const harmless = /^[\t\r]/.test(marked) ? `'${marked}` : marked;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** Rows as comma-separated values (RFC 4180), with the mark that tells spreadsheets of UTF-8. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A row for each case, below one with the names of the columns. */
export function tableOf(cases: readonly Case[], questions: readonly AskedQuestion[]): string[][] {
  const asked = questions.map(({ id }) => id);
  const head = ["case", "folder", "day", "language", "status", "note", "documents", ...asked, "letter"];
  const rows = cases.map((one) => [
    one.id,
    one.folder,
    one.day,
    one.language,
    one.status,
    one.note,
    [...one.documents, ...one.followUps.flatMap((each) => each.documents)].map(({ name }) => name).join("; "),
    ...asked.map((id) => one.choices[id]?.chosen.join("; ") ?? ""),
    one.letter,
  ]);
  return [head, ...rows];
}
