// Writes release/: what is handed out with a version, and notes that say what is new and name the digests.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { licencesPage } from "./licences.mjs";
import { releaseNotes } from "./notes.mjs";
import { sbom } from "./sbom.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "release");
const FILES = ["desk.html"];
/** Made here, and told apart from the build's own. */
const SBOM = "sbom.cdx.json";
const LICENCES = "LICENCES.md";

execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const name of FILES) copyFileSync(join(root, "dist", name), join(out, name));
writeFileSync(join(out, SBOM), sbom());
writeFileSync(join(out, LICENCES), licencesPage());
const sums = [...FILES, SBOM, LICENCES]
  .map((name) => {
    const digest = createHash("sha256")
      .update(readFileSync(join(out, name)))
      .digest("hex");
    return `${digest}  ${name}\n`;
  })
  .join("");
writeFileSync(join(out, "SHA256SUMS"), sums);
writeFileSync(join(out, "NOTES.md"), releaseNotes(version, changelog, sums));
process.stderr.write(`release/\n${sums}`);
