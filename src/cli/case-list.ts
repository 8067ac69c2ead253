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
import { readCases } from "../desk/index.js";
import { readLine } from "./read-line.js";

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
  for await (const one of readCases(options.out)) cases.push(one);
  const found = select(cases.map(searchable), { ...NO_FILTER, typed, status: options.status ?? "" });
  process.stdout.write(sayCases(found, options, new Date()));
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

function lineOf(one: Case, now: Date): string {
  const days = daysSince(one.day, now);
  const age = days === null ? "?" : `${days} d`;
  return [one.day, age, one.folder, statusesOf(one).join(" / "), sayRow(one)].join("  ");
}
