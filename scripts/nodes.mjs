// Runs the unit tests and the demo with other versions of Node: npm run nodes [-- --versions 22,24] [-- tests/core …]
import { execFileSync, spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nodeOf } from "./node-of.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  options: { versions: { type: "string", default: "22,24" } },
  allowPositionals: true,
});

/** What drives browsers or other OpenPGP programs tells nothing more of Node. */
const APART = ["tests/e2e/**", "tests/interop/**"];

const failed = [];
for (const version of values.versions.split(",")) {
  const node = nodeOf(version);
  // Programs that a test starts by name get the same version.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
  const run = (...words) => spawnSync(node, words, { cwd: root, env, stdio: ["ignore", 2, 2] }).status === 0;
  const exact = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const excluded = APART.flatMap((pattern) => ["--exclude", pattern]);
  const passed =
    run("node_modules/vitest/vitest.mjs", "run", "--reporter=dot", ...excluded, ...positionals) &&
    run("dist/cli/main.js", "demo", "--once");
  process.stdout.write(`${exact}  ${passed ? "passes" : "FAILS"}\n`);
  if (!passed) failed.push(exact);
}
if (failed.length > 0) process.exitCode = 1;
