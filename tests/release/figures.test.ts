import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { isNoisy, median, spread } from "../bench/measure.js";
import { pagesOf, readReport } from "../bench/publish.js";
import { benchmarksBlock, reached, readmeBlock } from "../bench/report.js";

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

  it("say how far the runs lie apart, and when and where those of another day were made", async () => {
    const report = await readReport();
    const page = benchmarksBlock({ ...report, date: "2000-01-01" });
    for (const { rows, date, processor } of report.tables) {
      for (const { runs } of rows) if (runs.length > 1) expect(page).toContain(` ${(100 * spread(runs)).toFixed(0)} %`);
      expect(page).toContain(`Measured on ${date}, on ${processor}.`);
    }
  });

  it("come from a machine that was quiet", async () => {
    const { tables } = await readReport();
    expect(tables.filter(isNoisy).map(({ title }) => title)).toEqual([]);
  });

  it.each([
    ["alike", [10, 10, 10, 10, 10], false],
    ["alike but for the best and the worst", [1, 10, 10, 10, 90], false],
    ["half their median apart", [10, 8, 10, 13, 10], false],
    ["further apart", [10, 6, 16, 3, 17], true],
    ["too few to tell", [1, 10, 100, 1000], false],
  ])("are %s: whether their machine was too noisy", (_how, runs, noisy) => {
    expect(isNoisy({ baseline: "b", rows: [{ name: "b", value: 0, ratio: 1, runs }] })).toBe(noisy);
  });
});
