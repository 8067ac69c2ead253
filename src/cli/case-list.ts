import {
  type Case,
  type CaseStatus,
  daysSince,
  NO_FILTER,
  questionsIn,
  sayRow,
  searchable,
  select,
  statusesOf,
  tableOf,
  writeCsv,
  writeJson,
} from "../cases/index.js";
import { openCaseNotes, readCases } from "../desk/index.js";
import { printable } from "./printable.js";
import { readLine } from "./read-line.js";

const MAX_LINES_NAMED = 5;

export interface CaseListOptions {
  readonly out: string;
  readonly status?: CaseStatus;
  readonly search?: boolean;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `postern case list`: the cases that the options select, newest first. @throws CaseNotesError */
export async function listCases(options: CaseListOptions): Promise<void> {
  const typed = options.search === true ? await readLine("search for: ") : "";
  const cases: Case[] = [];
  const notes = await openCaseNotes(options.out);
  for await (const one of readCases(options.out, { notes })) cases.push(one);
  const found = select(cases.map(searchable), { ...NO_FILTER, typed, status: options.status ?? "" });
  process.stdout.write(sayCases(found, options, new Date()));
  for (const { file, lines } of notes.damaged) process.stderr.write(damagedLine(file, lines));
  process.stderr.write(`${found.length} ${found.length === 1 ? "case" : "cases"}\n`);
}

/** The cases as lines for people, a table or JSON. No character of them controls the terminal. */
export function sayCases(
  cases: readonly Case[],
  { csv, json }: Pick<CaseListOptions, "csv" | "json">,
  now: Date,
): string {
  if (csv === true) return writeCsv(tableOf(cases, questionsIn(cases)));
  if (json === true) return `${writeJson(cases)}\n`;
  return cases.map((one) => `${lineOf(one, now)}\n`).join("");
}

/** A colleague's log, of which the lines that can be read are there. */
function damagedLine(file: string, lines: readonly number[]): string {
  const first = lines.slice(0, MAX_LINES_NAMED).join(", ");
  const more = lines.length > MAX_LINES_NAMED ? ", …" : "";
  return `${printable(file)}: cannot be read in line ${first}${more}; what else it holds is there. Ask for it again\n`;
}

function lineOf(one: Case, now: Date): string {
  const days = daysSince(one.day, now);
  const age = days === null ? "?" : `${days} d`;
  return [one.day, age, one.folder, statusesOf(one).join(" / "), sayRow(one)].join("  ");
}
