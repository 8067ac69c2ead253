// The tests that have a longer form, in it: npm run test:long. Writes docs/LONG-TESTED.md. The exit code tells whether
// all of them hold.
import { writeFile } from "node:fs/promises";
import type { TestModule } from "vitest/node";
import { startVitest } from "vitest/node";
import { dayOf } from "../src/core/index.js";
import { installedVersion } from "../src/files/index.js";
import { describeMachine } from "./bench/machine.js";

/** The tests of the project "long" (vitest.config.ts) that have a longer form. */
const LONGER = /sends 5 MiB|200 submissions|killed 10 times|every hostile document/;
const HEAD = "| result | seconds | what was tried |\n| --- | --- | --- |\n";
const INTRODUCTION = `Some tests have a longer form, which every run of \`npm test\` cannot take: more bytes through a wall, more kills, all
hostile documents in both browsers. \`npm test\` takes each of them at a smaller length.
`;

const begun = performance.now();
process.env.POSTERN_TEST_LONG = "1";
const vitest = await startVitest("test", [], { project: ["long"], testNamePattern: LONGER, run: true, watch: false });
const lines = vitest.state.getTestModules().flatMap(linesOf);
await vitest.close();
const minutes = ((performance.now() - begun) / 60_000).toFixed(0);
const when = `Written by \`npm run test:long\` on ${dayOf(new Date())}, with Postern ${installedVersion()}, in ${minutes} minutes.`;
const machine = describeMachine().map((each) => `- ${each}`);
await writeFile(
  new URL("../docs/LONG-TESTED.md", import.meta.url),
  `# Tried at length\n\n${when}\n\n${INTRODUCTION}\n${machine.join("\n")}\n\n${HEAD}${lines.join("")}`,
);
if (lines.length === 0) throw new Error("no test has a longer form");

function linesOf(module: TestModule): string[] {
  const tests = [...module.children.allTests()].filter((test) => test.result().state !== "skipped");
  if (tests.length === 0) return [`| **fails** | | ${module.relativeModuleId} |\n`];
  return tests.map((test) => {
    const result = test.result().state === "passed" ? "holds" : "**fails**";
    const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(0);
    return `| ${result} | ${seconds} | ${test.fullName.replaceAll("|", "\\|")} |\n`;
  });
}
