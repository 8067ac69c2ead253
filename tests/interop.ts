// Tries keys and files of the OpenPGP programs in two Debian releases, and writes docs/INTEROP.md. npm run interop
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runMatrix } from "./interop/matrix.js";
import { gnupg, type Program, rnp, sequoia, sop } from "./interop/programs/index.js";
import { report } from "./interop/report.js";
import { brokenPromises, unopened } from "./interop/verdicts.js";
import { type Suite, unpackDebian } from "./support/debian.js";

const GNUPG = { gpg: ["gpg"], "gpg-agent": ["gpg-agent"], gpgconf: ["gpgconf"] };
const OTHERS = { sq: ["sq"], rnp: ["rnp", "rnpkeys"], sqop: ["sqop"] };

const begun = performance.now();
const folder = await mkdtemp(join(tmpdir(), "postern-debian-"));
try {
  const unpack = (suite: Suite, more: Readonly<Record<string, readonly string[]>>) =>
    unpackDebian(suite, folder, { ...GNUPG, ...OTHERS, ...more });
  const old = await unpack("bookworm", {});
  const current = await unpack("trixie", { gosop: ["gosop"], rsop: ["rsop"] });
  const programs: readonly Program[] = await Promise.all([
    gnupg(old),
    gnupg(current),
    sequoia(old),
    sequoia(current),
    rnp(old),
    rnp(current),
    sop("gosop", current),
    sop("sqop", current),
    sop("rsop", current),
  ]);
  process.stdout.write(`${programs.map(({ name }) => name).join(", ")}\n`);
  const matrix = await runMatrix(programs);
  const names = programs.map(({ name }) => name);
  const written = report(matrix, names, new Date().toISOString().slice(0, 10));
  await writeFile(new URL("../docs/INTEROP.md", import.meta.url), written);
  const wrong = [...unopened(matrix), ...brokenPromises(matrix)];
  for (const line of wrong) process.stderr.write(`${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`${Math.round((performance.now() - begun) / 1000)} s\n`);
