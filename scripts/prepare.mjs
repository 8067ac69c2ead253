// Installs and builds what is missing or out of date, so that each command works on a fresh clone. --install-only: no
// build.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Postern needs Node 20.19 or newer, and this is ${process.versions.node}\n`);
  process.exit(1);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, "node_modules/.package-lock.json");
const built = [join(root, "dist/cli/main.js"), join(root, "public/build")];

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      modified(join(entry.parentPath, entry.name)),
    ),
  );
const npm = (...words) =>
  execFileSync("npm", words, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });

if (modified(installed) < modified(join(root, "package-lock.json"))) {
  process.stderr.write("installing the dependencies, once…\n");
  npm("ci", "--ignore-scripts", "--no-audit", "--no-fund");
}
const sources = [newest(join(root, "src")), newest(join(root, "scripts")), modified(join(root, "tsconfig.build.json"))];
if (
  !process.argv.includes("--install-only") &&
  Math.min(...built.map(modified)) < Math.max(...sources, modified(installed))
) {
  process.stderr.write("building…\n");
  npm("run", "--silent", "build");
}
