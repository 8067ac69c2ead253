// Keeps the scripts of the builds before this one: a page that was opened before an upgrade still asks for them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const KEPT_BUILDS = 3;
const IS_SCRIPT = /\.(?:js|txt)$/;

/** Copies the client's scripts from `outdir`, which is about to be replaced, into the folder `earlier` beside it. */
export function keepEarlier(outdir) {
  const listed = join(outdir, "client.json");
  if (!existsSync(listed)) return;
  const folder = join(dirname(outdir), "earlier");
  const list = join(folder, "builds.json");
  const names = [...new Set(Object.values(JSON.parse(readFileSync(listed, "utf8"))).flatMap(namesIn))].sort();
  const before = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  const same = (build) => build.join() === names.join();
  const builds = [...before.filter((build) => !same(build)), names].slice(-KEPT_BUILDS);
  mkdirSync(folder, { recursive: true });
  for (const name of names) copyFileSync(join(outdir, name), join(folder, name));
  const kept = new Set(builds.flat());
  for (const name of readdirSync(folder)) if (IS_SCRIPT.test(name) && !kept.has(name)) rmSync(join(folder, name));
  writeFileSync(list, `${JSON.stringify(builds, null, 2)}\n`);
}

function namesIn(variant) {
  return Object.values(variant)
    .flatMap((names) => (typeof names === "object" ? Object.values(names) : names))
    .filter((name) => IS_SCRIPT.test(name));
}
