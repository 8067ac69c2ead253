// The tests that are too long for every run, and those that have a longer form, in it: npm run test:long. Writes
// docs/LONG-TESTED.md. Where files are named (npm run test:long -- release.test), takes those alone, and writes their
// lines of that page again. The exit code tells whether all that were taken hold.
import { readFile, writeFile } from "node:fs/promises";
import type { TestCase, TestModule } from "vitest/node";
import { startVitest } from "vitest/node";
import { dayOf } from "../src/core/index.js";
import { installedVersion } from "../src/files/index.js";
import { describeMachine } from "./bench/machine.js";

const PAGE = new URL("../docs/LONG-TESTED.md", import.meta.url);
const HEAD = "| result | tests | seconds | file |\n| --- | --- | --- | --- |\n";
const INTRODUCTION = `Every run of \`npm test\` takes each promise once: most that hold for any browser in one of them, and what can be
repeated at a small length. This run takes them in all browsers and over an object store, with more bytes through a
wall, more kills, more hostile documents, and the tests that are long by nature.
`;

const begun = performance.now();
process.env.POSTERN_TEST_LONG = "1";
const named = process.argv.slice(2);
const vitest = await startVitest("test", named, { run: true, watch: false });
const modules = vitest.state.getTestModules();
await vitest.close();
if (modules.length === 0) throw new Error("no test has a longer form, or none of those named");
const today = dayOf(new Date());
await writeFile(PAGE, named.length === 0 ? wholePage() : await pageWithThese());

function wholePage(): string {
  const minutes = ((performance.now() - begun) / 60_000).toFixed(0);
  const when = `Written by \`npm run test:long\` on ${today}, with Postern ${installedVersion()}, in ${minutes} minutes.`;
  const machine = describeMachine().map((each) => `- ${each}`);
  const lines = modules.map((module) => lineOf(module)).toSorted(byName);
  return `# Tried at length\n\n${when}\n\n${INTRODUCTION}\n${machine.join("\n")}\n\n${HEAD}${lines.join("")}`;
}

async function pageWithThese(): Promise<string> {
  const [about = "", table] = (await readFile(PAGE, "utf8")).split(HEAD);
  if (table === undefined) throw new Error("docs/LONG-TESTED.md is not what this writes: run it without names first");
  const taken = new Set(modules.map(nameOf));
  const kept = table.split(/^/m).filter((line) => !taken.has(nameIn(line)));
  const lines = [...kept, ...modules.map((module) => lineOf(module, `, again on ${today}`))].toSorted(byName);
  return `${about}${HEAD}${lines.join("")}`;
}

/** @param when what is said behind the file's name */
function lineOf(module: TestModule, when = ""): string {
  const tests = [...module.children.allTests()];
  const failed = tests.filter((test) => test.result().state === "failed");
  const passed = tests.filter((test) => test.result().state === "passed");
  const holds = module.ok() && passed.length > 0;
  const seconds = (module.diagnostic().duration / 1000).toFixed(0);
  const again = passed.filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0);
  const names = [
    ...failed.map((test) => `<br>fails: ${nameInCell(test)}`),
    ...again.map((test) => `<br>at the second try: ${nameInCell(test)}`),
  ];
  return `| ${holds ? "holds" : "**fails**"} | ${passed.length} | ${seconds} | ${nameOf(module)}${when}${names.join("")} |\n`;
}

function nameInCell({ fullName }: TestCase): string {
  return fullName.replaceAll("|", "\\|");
}

function nameOf({ project, relativeModuleId }: TestModule): string {
  return project.name === "s3" ? `${relativeModuleId}, over an object store` : relativeModuleId;
}

/** The name in a line of the page. */
function nameIn(line: string): string {
  const [, , , cell = ""] = line.split(" | ");
  return cell.replace(/(?: \|\n|<br>|, again on ).*$/s, "");
}

function byName(left: string, right: string): number {
  return nameIn(left) < nameIn(right) ? -1 : 1;
}
