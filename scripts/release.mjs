// Writes release/: what is handed out with a version, and notes that say what is new and name the digests.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { licencesPage } from "./licences.mjs";
import { releaseNotes } from "./notes.mjs";
import { sbom } from "./sbom.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? join(root, "release"));

execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");

// Only now: it describes the commands as they were built.
const { releaseFiles } = await import("./release/files.mjs");
const { files, apt } = await releaseFiles();
files.set("sbom.cdx.json", Buffer.from(sbom()));
files.set("LICENCES.md", Buffer.from(licencesPage()));
const digest = (contents) => createHash("sha256").update(contents).digest("hex");
const sums = [...files].map(([name, contents]) => `${digest(contents)}  ${name}\n`).join("");
files.set("SHA256SUMS", Buffer.from(sums));
files.set("NOTES.md", Buffer.from(releaseNotes(version, changelog, sums)));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [path, contents] of apt) files.set(`apt/${path}`, contents);
for (const [path, contents] of files) {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), contents);
}
process.stderr.write(`${out}\n${sums}`);
