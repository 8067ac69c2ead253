// Tests a copy of the project with the newest versions that a caret would allow: npm run newest [-- tests/core …]
// To be run now and then: what breaks there will break here.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "postern-newest-"));
const paths = process.argv.slice(2);
const run = (...words) => spawnSync(words[0], words.slice(1), { cwd: folder, stdio: ["ignore", 2, 2] }).status === 0;
const read = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));

try {
  for (const path of execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter(Boolean)) {
    cpSync(join(root, path), join(folder, path));
  }
  const project = read("package.json");
  const pinned = { ...project.dependencies, ...project.devDependencies };
  for (const kind of ["dependencies", "devDependencies"]) {
    for (const name of Object.keys(project[kind])) project[kind][name] = `^${pinned[name]}`;
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(project, null, 2));
  rmSync(join(folder, "package-lock.json"));
  const installed = run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save");
  if (!installed) throw new Error("the newest versions do not go together");
  const changed = Object.keys(pinned).flatMap((name) => {
    const { version } = read(`node_modules/${name}/package.json`);
    return version === pinned[name] ? [] : [`${name} ${pinned[name]} -> ${version}`];
  });
  process.stdout.write(
    changed.length === 0 ? "all direct dependencies are the newest already\n" : `${changed.join("\n")}\n`,
  );
  // Formatting may differ in a newer tool, which is no fault of the program; types may not.
  const excluded = ["--exclude", "tests/e2e/**", "--exclude", "tests/interop/**", "--exclude", "tests/docs/**"];
  const passed =
    run("npx", "tsc", "-p", "tsconfig.json") &&
    run("npm", "run", "--silent", "build") &&
    run("npx", "vitest", "run", "--reporter=dot", ...excluded, ...paths);
  process.stdout.write(passed ? "passes\n" : "FAILS\n");
  if (!passed) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
