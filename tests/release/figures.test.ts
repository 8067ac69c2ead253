import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { median } from "../bench/measure.js";
import { pagesOf, readReport } from "../bench/publish.js";
import { reached, readmeBlock } from "../bench/report.js";

describe("the published figures", () => {
  it("are those of docs/benchmarks.json, in README.md, docs/BENCHMARKS.md and the plot", async () => {
    const pages = await pagesOf(await readReport());
    expect(pages.map(([path]) => path)).toEqual(["README.md", "docs/BENCHMARKS.md", "docs/benchmarks.svg"]);
    for (const [path, contents] of pages) {
      expect(await readFile(new URL(`../../${path}`, import.meta.url), "utf8"), path).toBe(contents);
    }
  });

  it("are five in README.md, each from a table of the report, with every target that was missed", async () => {
    const report = await readReport();
    const block = readmeBlock(report);
    const rows = block.split("\n").filter((line) => /^\| (?!what|---)/.test(line));
    expect(rows).toHaveLength(5);
    const ratios = new Set(report.tables.flatMap((table) => table.rows.map(({ ratio }) => ratio.toFixed(2))));
    for (const row of rows) expect(ratios).toContain(row.split(" | ").at(-1)?.replace(" |", ""));
    const missed = report.tables.filter((table) => table.targets.some((each) => reached(table, each) < each.atLeast));
    for (const { title } of missed) expect(block).toContain(title);
  });

  it("are medians of the runs beside them", async () => {
    const { tables } = await readReport();
    expect(tables.length).toBeGreaterThan(10);
    for (const { rows, baseline } of tables) {
      const base = rows.find(({ name }) => name === baseline);
      for (const { value, ratio, runs } of rows) {
        expect(value).toBeCloseTo(median(runs), 9);
        expect(ratio).toBeCloseTo(value / (base?.value ?? Number.NaN), 9);
      }
    }
  });
});
