import { writeFile } from "node:fs/promises";
import { type Case, countCases, countsForReport, writeCsv } from "../cases/index.js";
import { dayOf } from "../core/index.js";
import { readCases, renderCountsPage } from "../desk/index.js";

export interface CaseCountsOptions {
  readonly out: string;
  /** For people outside the team: nothing that identifies anybody. */
  readonly forFunders?: boolean;
  /** File for a page to print. */
  readonly page?: string;
  readonly language: string;
}

/** `postern case counts`: a table for spreadsheets, and a page to print. @throws CaseNotesError or CountsError */
export async function printCounts({ out, forFunders, page, language }: CaseCountsOptions): Promise<void> {
  process.umask(0o077);
  const cases: Case[] = [];
  for await (const one of readCases(out)) cases.push(one);
  const report = forFunders === true;
  const counts = report ? countsForReport(countCases(cases)) : countCases(cases);
  const rows = counts.tables.flatMap(({ by, rows, withheld }) => [
    ...rows.map(({ label, cases }) => [by, label, String(cases)]),
    ...(withheld ? [[by, "other", "withheld"]] : []),
  ]);
  process.stdout.write(writeCsv([["by", "value", "cases"], ["all", "", String(counts.cases)], ...rows]));
  if (!report)
    process.stderr.write("for the team alone: small numbers identify people; --for-funders leaves them out\n");
  if (page === undefined) return;
  await writeFile(page, renderCountsPage({ counts, report, language, day: dayOf(new Date()) }), { mode: 0o600 });
  process.stderr.write(`${page}: open it in a browser, and print it there\n`);
}
