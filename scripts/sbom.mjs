// What is in a release and needed to run it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { licences } from "./licences.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** As CycloneDX, in JSON, with nothing in it that differs from one making to the next. */
export function sbom() {
  const words = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const options = { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: ["ignore", "pipe", "ignore"] };
  const { serialNumber: _number, ...document } = JSON.parse(execFileSync("npm", words, options));
  const { name, license } = read("package.json");
  // Neither when it was made, nor by which npm, nor in which folder.
  const { lifecycles, component } = document.metadata;
  document.metadata = { lifecycles, component: { ...component, name, licenses: [{ license: { id: license } }] } };
  // Not npm's own --omit dev: it leaves out a package that one for development needs as well.
  const running = new Set(licences().map(({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`));
  document.components = document.components.filter(({ purl }) => running.has(purl));
  const parts = new Set([component["bom-ref"], ...document.components.map((part) => part["bom-ref"])]);
  document.dependencies = document.dependencies
    .filter(({ ref }) => parts.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((part) => parts.has(part)) }));
  return `${JSON.stringify(document, null, 2)}\n`;
}
