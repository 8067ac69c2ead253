import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { SlowestTests } from "./tests/support/slowest-tests.js";

/** What submitters do, from the form to the receipt and back, which is tried over an object store as well. */
const WHOLE_WAY = ["with-javascript", "without-javascript", "round-trip"].map((name) => `tests/e2e/${name}.test.ts`);

/** `npm run test:long` takes the files that are named *.long.test.ts, and those that have a longer form. */
const LONG_ONLY = "tests/**/*.long.test.ts";
const isLong = process.env.POSTERN_TEST_LONG === "1";

function longer(): string[] {
  const files = readdirSync("tests", { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.test\.tsx?$/.test(name),
  );
  return files
    .map((name) => `tests/${name}`)
    .filter((file) => /\b(atLength|inTurn|shareOf)\(|behindPacketWall\(/.test(readFileSync(file, "utf8")));
}

export default defineConfig({
  test: {
    testTimeout: 120_000,
    // Some prepare a portal with an hour of letters, each of which costs a slow machine two seconds.
    hookTimeout: 300_000,
    // One more than the cores of a small machine: much of what is tested waits.
    maxWorkers: 3,
    // What waits for real pauses waits beside the others of its file.
    maxConcurrency: 12,
    passWithNoTests: false,
    // A fault of ours shows itself the second time as well. The end of a run lists what was tried again, and why; more
    // than a few such tests fail it (tests/support/slowest-tests.ts).
    retry: 1,
    globalSetup: ["tests/support/object-store.ts"],
    reporters: ["default", new SlowestTests()],
    // For npm run coverage: the rooms whose tests must reach every line.
    coverage: {
      provider: "v8",
      include: ["src/core/**", "src/openpgp/**"],
      reporter: ["text", "html"],
      reportsDirectory: "coverage/lines",
    },
    projects: [
      isLong
        ? { extends: true, test: { name: "long", include: [LONG_ONLY, ...longer()] } }
        : {
            extends: true,
            test: {
              name: "all",
              include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
              exclude: ["tests/bench/**", LONG_ONLY],
            },
          },
      { extends: true, test: { name: "s3", include: WHOLE_WAY, env: { POSTERN_TEST_STORE: "s3" } } },
    ],
  },
});
