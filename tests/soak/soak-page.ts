import { dayOf } from "../../src/core/index.js";
import { SEED } from "../support/seed.js";
import type { SentLetter } from "./honest-letters.js";
import type { Sample, Trend } from "./trend.js";

/** What a long run has shown. */
export interface SoakResult {
  readonly minutes: number;
  readonly sent: readonly SentLetter[];
  readonly counts: { readonly found: number; readonly foreign: number };
  readonly answers: { readonly given: number; readonly shown: number };
  readonly events: ReadonlyMap<string, number>;
  /** MiB. */
  readonly memory: readonly Sample[];
  /** MiB an hour. */
  readonly trend: Trend;
  readonly faults: readonly string[];
}

/** Its rows, as Markdown. */
export function soakRows({ minutes, sent, counts, answers, events, memory, trend, faults }: SoakResult): string[] {
  const outcomes = (which: SentLetter["outcome"]) => sent.filter(({ outcome }) => outcome === which).length;
  const values = memory.map(({ value }) => value);
  return [
    `| minutes, seed | ${minutes}, ${SEED} |`,
    `| letters sent | ${sent.length} |`,
    `| of them promised by a receipt | ${outcomes("receipt")} |`,
    `| of them refused | ${outcomes("refused")} |`,
    `| of them without an answer, or left by their writers | ${outcomes("unknown")} |`,
    `| found at the desk | ${counts.found} |`,
    `| letters of attackers at the desk | ${counts.foreign} |`,
    `| answers given, and shown for their receipt codes | ${answers.given}, ${answers.shown} |`,
    ...[...events].sort().map(([what, times]) => `| ${what} | ${times} |`),
    `| memory of one process in the second half, MiB | ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)} |`,
    `| its slope, MiB an hour, and its standard error | ${trend.perHour.toFixed(2)}, ${trend.error.toFixed(2)} |`,
    `| faults | ${faults.length} |`,
  ];
}

/** The page of the docs. @param machine what it ran on */
export function soakPage(result: SoakResult, machine: readonly string[]): string {
  return [
    "# A long run",
    "",
    `Written by \`npm run soak\` on ${dayOf(new Date())}, on ${machine.join(", ")}.`,
    "What it does stands in [CONTRIBUTING](../CONTRIBUTING.md).",
    "",
    "| what | figure |",
    "| --- | --- |",
    ...soakRows(result),
    ...(result.faults.length > 0 ? ["", "## Faults", "", ...result.faults.map((fault) => `- ${fault}`)] : []),
    "",
  ].join("\n");
}
