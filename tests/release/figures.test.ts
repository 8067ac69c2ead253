import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { median } from "../bench/measure.js";
import { plot } from "../bench/plot.js";
import { benchmarksPage, type Report, withTable } from "../bench/report.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the published figures", () => {
  it("are those of docs/benchmarks.json, in README.md, docs/BENCHMARKS.md and the plot", async () => {
    const report = JSON.parse(await read("docs/benchmarks.json")) as Report;
    const readme = await read("README.md");
    expect(withTable(readme, report)).toBe(readme);
    expect(await read("docs/BENCHMARKS.md")).toBe(benchmarksPage(report));
    expect(await read("docs/benchmarks.svg")).toBe(plot(report));
  });

  it("are medians of the runs beside them", async () => {
    const { tables } = JSON.parse(await read("docs/benchmarks.json")) as Report;
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
