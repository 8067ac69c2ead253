import type { Row, Skipped, Table, Target } from "./measure.js";
import type { Profile } from "./profiles.js";

/** Everything that one run of the benchmark found; docs/benchmarks.json. */
export interface Report {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly machine: readonly string[];
  readonly tables: readonly Table[];
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

export const README_BEGIN = "<!-- written by npm run bench -->\n";
export const README_END = "<!-- end of what npm run bench writes -->\n";

export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A target, and the ratio that was reached. */
export function reached(table: Table, { row, baseline }: Target): number {
  const of = (name: string) => table.rows.find((one) => one.name === name)?.value ?? Number.NaN;
  return of(row) / of(baseline);
}

/** docs/BENCHMARKS.md. */
export function benchmarksPage(report: Report): string {
  const lines = [
    "# Benchmarks",
    "",
    "Written by `npm run bench`, from `docs/benchmarks.json`; do not edit. Anybody can repeat it on a fresh clone: it takes under 15 minutes, and what is",
    "not installed is skipped by name. Each figure is the median of runs that took turns with those of the others; each ratio is to the baseline of",
    "the same run on the same machine.",
    "",
    `Measured on ${report.date}: ${report.machine.join(", ")}.`,
    "",
    "![Ratios to the baselines](benchmarks.svg)",
  ];
  for (const table of report.tables) lines.push("", `## ${table.title}`, "", ...tableLines(table), "", table.note);
  if (report.profiles.length > 0) {
    lines.push(
      "",
      "## Where the time goes",
      "",
      "The functions that each path itself spends most of its processor time in, as Node's profiler counts.",
    );
  }
  for (const { title, rows, note } of report.profiles) {
    lines.push("", `### ${title}`, "", "| share | function |", "| ---: | --- |");
    for (const { share, name } of rows) lines.push(`| ${(share * 100).toFixed(0)} % | ${cell(name)} |`);
    lines.push("", note);
  }
  if (report.skipped.length > 0) lines.push("", "## Skipped", "");
  for (const { what, why } of report.skipped) lines.push(`- ${what}: ${why}`);
  return `${lines.join("\n")}\n`;
}

function tableLines(table: Table): string[] {
  const cost = table.rows.some(({ cpuSeconds, peakMiB }) => cpuSeconds !== undefined || peakMiB !== undefined);
  const heads = ["way", table.unit, "ratio", ...(cost ? ["CPU s", "peak MiB"] : [])];
  const lines = [heads, heads.map((_, index) => (index === 0 ? "---" : "---:"))];
  for (const row of table.rows) {
    const costs = [row.cpuSeconds, row.peakMiB].map((value) => (value === undefined ? "" : figure(value)));
    lines.push([cell(row.name), figure(row.value), row.ratio.toFixed(2), ...(cost ? costs : [])]);
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

/** Of the rows that are ours, those with a target, and where there is none the first. */
function ours({ rows, targets, baseline }: Table): readonly Row[] {
  const aimed = rows.filter(({ name }) => targets.some(({ row }) => row === name));
  if (aimed.length > 0) return aimed;
  return rows.filter(({ name }) => name.startsWith(OURS) && name !== baseline).slice(0, 1);
}

/** The short table of README.md. */
export function readmeTable(report: Report): string {
  const lines = [
    `Measured on ${report.date}: ${report.machine.join(", ")}. All of it, and how: [docs/BENCHMARKS.md](docs/BENCHMARKS.md).`,
    "",
    "| what | Postern | against | ratio |",
    "| --- | ---: | --- | ---: |",
  ];
  for (const table of report.tables) {
    const base = table.rows.find(({ name }) => name === table.baseline);
    if (base === undefined) continue;
    const { unit, title } = table;
    const rows = ours(table);
    for (const { name, value, ratio } of rows) {
      const what = rows.length > 1 ? `${title}${name.slice(OURS.length)}` : title;
      lines.push(
        `| ${what} | ${figure(value)} ${unit} | ${cell(base.name)}: ${figure(base.value)} ${unit} | ${ratio.toFixed(2)} |`,
      );
    }
  }
  return `${README_BEGIN}\n${lines.join("\n")}\n\n${README_END}`;
}

/** README.md with the table put in between its marks. */
export function withTable(readme: string, report: Report): string {
  const from = readme.indexOf(README_BEGIN);
  const to = readme.indexOf(README_END);
  if (from < 0 || to < from) throw new Error("README.md has no place for the table");
  return readme.slice(0, from) + readmeTable(report) + readme.slice(to + README_END.length);
}
