// What a release consists of, made from the build. The same bytes wherever, whenever and by whomever it is made.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { aptRepository } from "./apt.mjs";
import { gzip, tar } from "./archives.mjs";
import { bundle } from "./bundle.mjs";
import { debianPackage } from "./debian.mjs";
import { notices } from "./notices.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (path) => readFileSync(join(root, path));

/** Goes with the program for those who have no Debian. */
const BESIDE = [".dockerignore", "CHANGELOG.md", "LICENSE", "README.md"];
const LAUNCHER = `#!/bin/sh
# Runs Postern with the Node that is installed, from any folder.
main=$(dirname "$(readlink -f "$0")")/dist/cli/main.js
# Those do not know the option. The program says which version it needs.
case $(node --version) in v[0-9].* | v1[0-9].*) exec node "$main" "$@" ;; esac
exec node --disable-warning=ExperimentalWarning "$main" "$@"
`;

/**
 * desk.html, the archive and the packages, by name; and a repository of the packages, by path.
 * @returns {Promise<{ files: Map<string, Buffer>, apt: Map<string, Buffer> }>}
 */
export async function releaseFiles() {
  const { version } = JSON.parse(read("package.json").toString("utf8"));
  const release = { version, date: released(), notices: notices() };
  const program = await bundle("postern");
  const offline = await bundle("postern-desk");
  // What draws PDF and HEIC is two thirds of the desk's package, and nobody reads documents on the server.
  const server = new Map([...program].filter(([path]) => !path.startsWith("public/build/reading-")));
  const relay = { ...release, notices: notices((name) => name === "rate-limiter-flexible") };
  const packages = new Map([
    [`postern_${version}_all.deb`, await debianPackage("postern", server, release)],
    [`postern-desk_${version}_all.deb`, await debianPackage("postern-desk", offline, release)],
    [`postern-relay_${version}_all.deb`, await debianPackage("postern-relay", await bundle("postern-relay"), relay)],
  ]);
  const files = new Map([
    ["desk.html", read("dist/desk.html")],
    [`postern-${version}.tar.gz`, await archive(program, release)],
    ...[...packages].map(([name, { contents }]) => [name, contents]),
  ]);
  return { files, apt: aptRepository(packages, release.date) };
}

/** The day of this version: no file's time says when it was built. */
function released() {
  const [, day] = /^const RELEASED = new Date\("([^"]+)"\);$/m.exec(read("src/doctor/clock.ts").toString("utf8")) ?? [];
  if (day === undefined) throw new Error("src/doctor/clock.ts names no day of this version");
  return new Date(day);
}

async function archive(program, { version, date, notices }) {
  const files = new Map([...program].map(([path, contents]) => [path, { contents }]));
  files.set("postern", { contents: Buffer.from(LAUNCHER), mode: 0o755 });
  files.set("desk.html", { contents: read("dist/desk.html") });
  files.set("licences.txt", { contents: Buffer.from(notices) });
  for (const name of BESIDE) files.set(name, { contents: read(name) });
  for (const name of filesIn("deploy")) files.set(`deploy/${name}`, { contents: read(`deploy/${name}`) });
  for (const name of filesIn("docs").filter((each) => each.endsWith(".md")))
    files.set(`docs/${name}`, { contents: read(`docs/${name}`) });
  const placed = [...files].map(([path, file]) => [`postern-${version}/${path}`, file]);
  return gzip(await tar(new Map(placed), date, ""));
}

const filesIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
