import { readFile, writeFile } from "node:fs/promises";
import { withBlock } from "../support/block.js";
import { plot } from "./plot.js";
import { benchmarksBlock, type Report, readmeBlock } from "./report.js";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");

/** The report that is published, docs/benchmarks.json. */
export async function readReport(): Promise<Report> {
  return JSON.parse(await read("docs/benchmarks.json")) as Report;
}

/** The files that show `report`: their paths in the project, and what belongs in each. */
export async function pagesOf(report: Report): Promise<readonly (readonly [path: string, contents: string])[]> {
  const readme = withBlock(await read("README.md"), "npm run bench", readmeBlock(report));
  const page = withBlock(await read("docs/BENCHMARKS.md"), "npm run bench", benchmarksBlock(report));
  return [
    ["README.md", readme],
    ["docs/BENCHMARKS.md", page],
    ["docs/benchmarks.svg", plot(report)],
  ];
}

export async function publish(report: Report): Promise<void> {
  for (const [path, contents] of await pagesOf(report)) await writeFile(new URL(path, root), contents);
}
