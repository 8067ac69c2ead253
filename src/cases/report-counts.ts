import { Fault } from "../core/index.js";
import type { CaseCounts, Count, CountTable } from "./counts.js";

/** `too_few`: there are so few cases that any number would tell of somebody. */
export class CountsError extends Fault<"too_few"> {}

/** A smaller number may identify somebody. */
export const LEAST = 5;
/** "About 10" stands for 5 to 14. */
const ROUNDED_TO = 10;
/** How many sums of what is left out must fit all that a reader may know, and how large the largest of them. */
const LEAST_SUMS = 3;
const LEAST_SUM = 10;

/**
 * Counts for people outside the team. Rows of fewer than {@link LEAST} cases are left out, and with them at least one
 * of the others, the smallest. So not even somebody who knows how many cases there are in all, which rows there could
 * be and this rule can work out a number from one to four. All numbers are rounded to tens.
 * @throws CountsError
 */
export function countsForReport({ cases, tables }: CaseCounts): CaseCounts {
  if (cases < LEAST) throw new CountsError("too_few", `there are fewer than ${LEAST} cases`);
  return { cases: rounded(cases), tables: tables.map((table) => withoutSmall(table, cases)) };
}

function withoutSmall({ by, rows }: CountTable, cases: number): CountTable {
  const bySize = [...rows].sort((left, right) => right.cases - left.cases || (left.label < right.label ? -1 : 1));
  const large = bySize.filter((row) => row.cases >= LEAST);
  const withheld = large.length < rows.length;
  const shown = withheld ? large.slice(0, -1) : large;
  const small = rows.length - large.length;
  while (withheld && shown.length > 0 && givesAway(shown, large.length - shown.length, small, cases)) shown.pop();
  const kept = new Set(shown);
  const published = rows.filter((row) => kept.has(row)).map((row) => ({ ...row, cases: rounded(row.cases) }));
  return { by, rows: published, withheld };
}

/**
 * Whether too few sums of the rows that are left out are possible, for a reader who knows all that is shown, and the
 * total.
 * @param large how many of them have at least {@link LEAST} cases, each at most as many as the smallest that is shown
 * @param small how many have fewer
 */
function givesAway(shown: readonly Count[], large: number, small: number, cases: number): boolean {
  const largest = Math.min(...shown.map(mostOf));
  const most = Math.min(cases - sum(shown.map(leastOf)), large * largest + small * (LEAST - 1));
  const least = Math.max(1, cases - sum(shown.map(mostOf)));
  return most - least + 1 < LEAST_SUMS || most < LEAST_SUM;
}

/** What a number may have been that is shown rounded. */
function leastOf(row: Count): number {
  return Math.max(LEAST, rounded(row.cases) - ROUNDED_TO / 2);
}

function mostOf(row: Count): number {
  return rounded(row.cases) + ROUNDED_TO / 2 - 1;
}

function rounded(cases: number): number {
  return ROUNDED_TO * Math.max(1, Math.round(cases / ROUNDED_TO));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
