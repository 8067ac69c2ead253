// The tests that are too long for every run, and those that have a longer form, in it: npm run test:long. Writes
// docs/LONG-TESTED.md. The exit code tells whether all of them hold.
import { writeFile } from "node:fs/promises";
import type { TestModule } from "vitest/node";
import { startVitest } from "vitest/node";
import { dayOf } from "../src/core/index.js";
import { installedVersion } from "../src/files/index.js";
import { describeMachine } from "./bench/machine.js";

const HEAD = "| result | tests | seconds | file |\n| --- | --- | --- | --- |\n";
const INTRODUCTION = `Every run of \`npm test\` takes each promise once: most that hold for any browser in one of them, and what can be
repeated at a small length. This run takes them in all browsers and over an object store, with more bytes through a
wall, more kills, more hostile documents, and the tests that are long by nature.
`;

const begun = performance.now();
process.env.POSTERN_TEST_LONG = "1";
const vitest = await startVitest("test", [], { run: true, watch: false });
const lines = vitest.state.getTestModules().map(lineOf).toSorted();
await vitest.close();
const minutes = ((performance.now() - begun) / 60_000).toFixed(0);
const when = `Written by \`npm run test:long\` on ${dayOf(new Date())}, with Postern ${installedVersion()}, in ${minutes} minutes.`;
const machine = describeMachine().map((each) => `- ${each}`);
await writeFile(
  new URL("../docs/LONG-TESTED.md", import.meta.url),
  `# Tried at length\n\n${when}\n\n${INTRODUCTION}\n${machine.join("\n")}\n\n${HEAD}${lines.join("")}`,
);
if (lines.length === 0) throw new Error("no test has a longer form");

function lineOf(module: TestModule): string {
  const tests = [...module.children.allTests()];
  const failed = tests.filter((test) => test.result().state === "failed");
  const passed = tests.filter((test) => test.result().state === "passed");
  const holds = module.ok() && passed.length > 0;
  const seconds = (module.diagnostic().duration / 1000).toFixed(0);
  const file =
    module.project.name === "s3" ? `${module.relativeModuleId}, over an object store` : module.relativeModuleId;
  const names = failed.map((test) => `<br>${test.fullName.replaceAll("|", "\\|")}`);
  return `| ${holds ? "holds" : "**fails**"} | ${passed.length} | ${seconds} | ${file}${names.join("")} |\n`;
}
