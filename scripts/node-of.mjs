// Another version of Node: node scripts/node-of.mjs 24 prints where its executable is.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The executable of a major version, from npm's package for this platform. The package `node` would fetch the same one
 * in an install script, and those are off.
 */
export function nodeOf(version) {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${nodeOf(process.argv[2])}\n`);
