// The licence texts of what the bundle holds, since whoever hands on the bundle hands on their work.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { licences } from "../licences.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * One text for each licence as it stands in the packages, below the names of those that have it.
 * @param {(name: string) => boolean} isHeld which packages
 */
export function notices(isHeld = () => true) {
  const named = new Map();
  for (const { name, version, licence } of licences().filter((each) => isHeld(each.name))) {
    const text = licenceTexts(name) ?? `${licence}, without a text of its own.\n`;
    named.set(text, [...(named.get(text) ?? []), `${name} ${version} (${licence})`]);
  }
  return [...named].map(([text, names]) => `${names.join("\n")}\n\n${text.trim()}\n`).join(`\n${"=".repeat(78)}\n\n`);
}

/** Besides a package's own, of what it brings along and a bundle holds. */
const ALSO = {
  "pdfjs-dist": ["standard_fonts/LICENSE_FOXIT", "standard_fonts/LICENSE_LIBERATION", "wasm/LICENSE_OPENJPEG"],
};

function licenceTexts(name) {
  const also = (ALSO[name] ?? []).map((path) => readFileSync(join(root, "node_modules", name, path), "utf8"));
  const own = licenceText(name);
  return own === null ? null : [own, ...also].join("\n");
}

function licenceText(name) {
  const folder = join(root, "node_modules", name);
  // Only below another package, which names the same licence.
  if (!existsSync(folder)) return null;
  const file = readdirSync(folder)
    .sort()
    .find((each) => /^licen[cs]e(?:[.-].*)?$/i.test(each));
  return file === undefined ? null : readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
}
