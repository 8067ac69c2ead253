import type { Case } from "../cases/index.js";
import type { AskedQuestion } from "./questions.js";

/**
 * The start of a formula, full width forms included, at the beginning of a cell or after a separator. A spreadsheet set
 * to Russian or Ukrainian splits at semicolons and loses count of the quotes, so separators count inside quotes too.
 */
const FORMULA = /(^|[;\t\r\n])((?:[^\S\t\r\n]|")*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** A quoted cell. An apostrophe before each start of a formula makes it text. */
function cell(text: string): string {
  const marked = text.replace(FORMULA, "$1'$2");
  const harmless = /^[\t\r]/.test(marked) ? `'${marked}` : marked;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** Rows as comma-separated values (RFC 4180), after a byte order mark that tells spreadsheets of UTF-8. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A header row, and a row for each case. */
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
