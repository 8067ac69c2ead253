// The licences of everything that runs: for release/, and for docs/LICENCES.md, which a test compares.
// node scripts/licences.mjs writes the page.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every package that is installed for running, with its licence, in the order of names. */
export function licences() {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const found = Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== "" && !dev && !optional)
    .map(([path, { version, license }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      licence: license ?? written(path),
    }));
  const once = new Map(found.map((each) => [`${each.name} ${each.version}`, each]));
  return [...once.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/** What a package says of itself where the lockfile does not. */
function written(path) {
  const file = join(root, path, "package.json");
  if (!existsSync(file)) return "unknown";
  const { license, licenses } = JSON.parse(readFileSync(file, "utf8"));
  return license?.type ?? license ?? licenses?.[0]?.type ?? "unknown";
}

/** The page, in Markdown. */
export function licencesPage() {
  const rows = licences().map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return `# Licences

Postern is AGPL-3.0-or-later. What it needs to run, written by \`node scripts/licences.mjs\`:

| package | version | licence |
| --- | --- | --- |
${rows.join("\n")}

libheif-js holds libheif and libde265, LGPL-3.0 as well. pdfjs-dist holds OpenJPEG (BSD-2-Clause), the Foxit fonts (BSD-3-Clause) and Liberation Sans
(OFL-1.1), which the desk's bundle holds too.

openpgp.js is LGPL-3.0-or-later: anyone who has a bundle may replace it with another version. The bundles name it in their first
line; its source is the package of that version, and \`npm run build\` makes the bundle anew with whatever is installed.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, "docs/LICENCES.md"), licencesPage());
