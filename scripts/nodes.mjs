// Runs the unit tests and the demo with other versions of Node: npm run nodes [-- --versions 22,24] [-- tests/core …]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  options: { versions: { type: "string", default: "22,24" } },
  allowPositionals: true,
});

/** What drives browsers or other OpenPGP programs tells nothing more of Node. */
const APART = ["tests/e2e/**", "tests/interop/**"];

/**
 * The executable of a major version, from npm's package for this platform. The package `node` would fetch the same one
 * in an install script, and those are off.
 */
function nodeOf(version) {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform}-${process.arch}`;
  const folder = join(root, "node_modules/.cache/postern-nodes", version);
  const executable = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(executable)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", `${name}@${version}`];
    execFileSync("npm", words, { cwd: folder, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  }
  return executable;
}

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
