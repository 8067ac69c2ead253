import type { Profile } from "./cpu-profile.js";
import { type DatedTable, type Row, type Skipped, spread, type Table, type Target } from "./measure.js";

/** Everything that one run of the benchmark found; docs/benchmarks.json. */
export interface Report {
  /** YYYY-MM-DD: of the last run. */
  readonly date: string;
  readonly machine: readonly string[];
  readonly tables: readonly DatedTable[];
  readonly profiles: readonly Profile[];
  readonly skipped: readonly Skipped[];
}

/** `before`, with what was measured again in its place. */
export function merged(before: Report, again: Report): Report {
  const replaced = <One extends { readonly title: string }>(old: readonly One[], fresh: readonly One[]): One[] => {
    const titles = new Set(old.map(({ title }) => title));
    const kept = old.map((one) => fresh.find(({ title }) => title === one.title) ?? one);
    return [...kept, ...fresh.filter(({ title }) => !titles.has(title))];
  };
  return {
    ...again,
    tables: replaced(before.tables, again.tables),
    profiles: replaced(before.profiles, again.profiles),
    skipped: before.skipped,
  };
}

export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A target, and the ratio that was reached. */
export function reached(table: Table, { row, baseline }: Target): number {
  const of = (name: string) => table.rows.find((one) => one.name === name)?.value ?? Number.NaN;
  return of(row) / of(baseline);
}

/** The block of docs/BENCHMARKS.md: every table, the profiles, and what was skipped. */
export function benchmarksBlock(report: Report): string {
  const lines = [
    `Measured on ${report.date}: ${report.machine.join(", ")}.`,
    "",
    "![Ratios to the baselines](benchmarks.svg)",
  ];
  for (const table of report.tables) {
    const same = table.date === report.date && table.processor === report.machine[0];
    const earlier = same ? "" : ` Measured on ${table.date}, on ${table.processor}.`;
    lines.push("", `## ${table.title}`, "", ...tableLines(table), "", table.note + earlier);
  }
  if (report.profiles.length > 0) {
    lines.push(
      "",
      "## Where the time goes",
      "",
      "The functions in which each path spends most of its processor time, by Node's profiler.",
    );
  }
  for (const { title, rows, note } of report.profiles) {
    lines.push("", `### ${title}`, "", "| share | function |", "| ---: | --- |");
    for (const { share, name } of rows) lines.push(`| ${(share * 100).toFixed(0)} % | ${cell(name)} |`);
    lines.push("", note);
  }
  if (report.skipped.length > 0) lines.push("", "## Skipped", "");
  for (const { what, why } of report.skipped) lines.push(`- ${what}: ${why}`);
  return lines.join("\n");
}

function tableLines(table: Table): string[] {
  const cost = table.rows.some(({ cpuSeconds, peakMiB }) => cpuSeconds !== undefined || peakMiB !== undefined);
  const several = table.rows.some(({ runs }) => runs.length > 1);
  const heads = ["way", table.unit, ...(several ? ["spread"] : []), "ratio", ...(cost ? ["CPU s", "peak MiB"] : [])];
  const lines = [heads, heads.map((_, index) => (index === 0 ? "---" : "---:"))];
  for (const row of table.rows) {
    const costs = [row.cpuSeconds, row.peakMiB].map((value) => (value === undefined ? "" : figure(value)));
    const apart = several ? [`${(100 * spread(row.runs)).toFixed(0)} %`] : [];
    lines.push([cell(row.name), figure(row.value), ...apart, row.ratio.toFixed(2), ...(cost ? costs : [])]);
  }
  const goals = table.targets.map((target) => {
    const ratio = reached(table, target);
    const whose = table.targets.length > 1 ? ` for ${target.row}` : "";
    return `Target${whose}: at least ${target.atLeast} of ${target.baseline}. ${ratio >= target.atLeast ? "Met" : "Not met"}, ${ratio.toFixed(2)}.`;
  });
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), ...goals.flatMap((goal) => ["", goal])];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

const OURS = "Postern";

/** The row that stands for Postern: the first with a target, and where there is none the first of ours. */
function ourRow({ rows, targets, baseline }: Table): Row | undefined {
  return (
    rows.find(({ name }) => targets.some(({ row }) => row === name)) ??
    rows.find(({ name }) => name.startsWith(OURS) && name !== baseline)
  );
}

/** README.md's five rows: what each claims, and the table that it comes from; of several sizes, the largest. */
const CLAIMS: readonly (readonly [claim: string, title: RegExp])[] = [
  ["Encrypt a large letter on the server", /^Server encryption of \d+ MiB, gnupg$/],
  ["Encrypt it in Chromium", /^Chromium, gnupg$/],
  ["Store uploaded ciphertext", /^Intake of \d+ MiB of ciphertext$/],
  ["Store short letters", /^Letters of \d+ KiB$/],
  ["Open submissions offline", /^Opening \d+ submissions/],
];

/** The block of README.md: five rows, and the targets that were missed. */
export function readmeBlock(report: Report): string {
  const lines = ["| what | Postern | against | ratio |", "| --- | ---: | --- | ---: |"];
  for (const [claim, title] of CLAIMS) {
    const table = report.tables.findLast((one) => title.test(one.title));
    const row = table && ourRow(table);
    const base = table?.rows.find(({ name }) => name === table.baseline);
    if (table === undefined || row === undefined || base === undefined) continue;
    const [value, other] = [row, base].map((one) => `${figure(one.value)} ${table.unit}`);
    lines.push(`| ${claim} | ${value} | ${cell(base.name)}: ${other} | ${row.ratio.toFixed(2)} |`);
  }
  const missed = report.tables.flatMap((table) =>
    table.targets
      .filter((target) => reached(table, target) < target.atLeast)
      .map((target) => {
        const what = `${table.title}${target.row.slice(OURS.length)}`;
        return `${what}: ${reached(table, target).toFixed(2)} of ${target.baseline}, target ${target.atLeast}`;
      }),
  );
  if (missed.length > 0) lines.push("", `Below target: ${missed.join("; ")}.`);
  return lines.join("\n");
}
