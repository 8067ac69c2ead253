import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { SlowestTests } from "./tests/support/slowest-tests.js";

/** What submitters do, from the form to the receipt and back, which is tried over an object store as well. */
const WHOLE_WAY = ["with-javascript", "without-javascript", "round-trip"].map((name) => `tests/e2e/${name}.test.ts`);

/** `npm run test:long` takes the files that are named *.long.test.ts, and those that have a longer form. */
const isLong = process.env.POSTERN_TEST_LONG === "1";

/** Files that have a longer form. */
const LONGER = /\b(atLength|inTurn|shareOf)\(|behindPacketWall\(/;

/** Files that replace modules, or measure the process that they run in: others in it would be met, or measured. */
const ALONE = /\bvi\.mock\(|\bmemoryUsage\(|held-memory/;

const isLongOnly = (file: string) => file.includes(".long.test.");

const taken = readdirSync("tests", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.test\.tsx?$/.test(name))
  .map((name) => ({ file: `tests/${name}`, text: readFileSync(`tests/${name}`, "utf8") }))
  .filter(({ file, text }) => (isLong ? LONGER.test(text) || isLongOnly(file) : !isLongOnly(file)));
const filesOf = (alone: boolean) => taken.filter(({ text }) => ALONE.test(text) === alone).map(({ file }) => file);

export default defineConfig({
  test: {
    testTimeout: isLong ? 600_000 : 120_000,
    // Some prepare a portal with an hour of letters, each of which costs a slow machine two seconds.
    hookTimeout: 300_000,
    // Twice the cores of a small machine: much of what is tested waits.
    maxWorkers: 4,
    // What waits for real pauses waits beside the others of its file.
    maxConcurrency: 12,
    passWithNoTests: false,
    // A fault of ours shows itself the second time as well. The end of a run lists what was tried again, and why; more
    // than a few such tests fail it (tests/support/slowest-tests.ts).
    retry: 1,
    globalSetup: ["tests/support/object-store.ts", "tests/support/program.ts"],
    reporters: ["default", new SlowestTests()],
    // For npm run coverage: the rooms whose tests must reach every line.
    coverage: {
      provider: "v8",
      include: ["src/core/**", "src/openpgp/**"],
      reporter: ["text", "html"],
      reportsDirectory: "coverage/lines",
    },
    projects: [
      // To load all modules anew for each file would cost as much as the tests of most files do.
      {
        extends: true,
        test: { name: "all", isolate: false, include: filesOf(false) },
      },
      {
        extends: true,
        test: { name: "alone", include: filesOf(true) },
      },
      { extends: true, test: { name: "s3", include: WHOLE_WAY, env: { POSTERN_TEST_STORE: "s3" } } },
    ],
  },
});
