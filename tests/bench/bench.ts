// The whole benchmark: npm run bench. Prints tables; writes docs/benchmarks.json, docs/benchmarks.svg, and the blocks
// of docs/BENCHMARKS.md and README.md. With --only "letters,opening" it measures those parts alone and keeps the rest
// of the report. With --smoke everything is tiny, takes a few minutes and writes nothing. Where a baseline's own runs
// lie far apart, that part is measured once more; where they still do, nothing is published. The exit code tells
// whether every part brought its figures. With --before FOLDER, of an earlier clone that is built, "slow line" measures
// both.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dayOf } from "../../src/core/index.js";
import { type Bench, SMOKE, WHOLE } from "./bench-context.js";
import { measureBrowsers } from "./browser-encryption.js";
import { measureDesk } from "./desk.js";
import { measureEncryption } from "./encryption.js";
import { measureFirstLoad } from "./first-load.js";
import { measurePeople } from "./grouping.js";
import { measureIntake } from "./intake.js";
import { measureLastByte } from "./last-byte.js";
import { measureLetters } from "./letters.js";
import { describeMachine } from "./machine.js";
import { measureMail } from "./mail.js";
import { measureMarks } from "./marks.js";
import { isNoisy, type Skipped, type Table } from "./measure.js";
import { measureMonths, measureMonthsWithGnuPg } from "./months.js";
import { measureOpening } from "./opening.js";
import { type Profile, takeProfiles } from "./profiles.js";
import { pagesOf, publish, readReport } from "./publish.js";
import { measureRelay } from "./relay.js";
import { figure, merged, type Report } from "./report.js";
import { measureRested } from "./rested.js";
import { type Running, startPortal } from "./running.js";
import { measureSlowLine } from "./slow-line.js";
import { measureWall, measureWallAtLength } from "./wall.js";

const PARTS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "server encryption": measureEncryption,
  intake: measureIntake,
  "last byte": measureLastByte,
  letters: measureLetters,
  mail: measureMail,
  relay: measureRelay,
  opening: measureOpening,
  months: measureMonths,
  people: measurePeople,
  desk: measureDesk,
  "browser encryption": measureBrowsers,
  "first load": measureFirstLoad,
  "slow line": measureSlowLine,
  wall: measureWall,
  "without JavaScript": measureRested,
  profiles: takeProfiles,
};
/** Taken only where they are asked for by name. */
const AT_LENGTH: typeof PARTS = {
  marks: measureMarks,
  "months with GnuPG": measureMonthsWithGnuPg,
  "wall at length": measureWallAtLength,
};
const ALL = { ...PARTS, ...AT_LENGTH };
const root = fileURLToPath(new URL("../../", import.meta.url));
const { values: options } = parseArgs({
  options: { smoke: { type: "boolean" }, only: { type: "string" }, before: { type: "string" } },
});
const smoke = options.smoke === true;
const only = options.only?.split(",").map((name) => name.trim());
for (const name of only ?? [])
  if (!(name in ALL)) throw new Error(`there is no part "${name}"; there are: ${Object.keys(ALL).join(", ")}`);

const begun = performance.now();
// On the disk of this clone: where temporary files are, there may be no disk.
await mkdir(join(root, "dist"), { recursive: true });
const folder = await mkdtemp(join(root, "dist/bench-"));
const tables: Table[] = [];
const profiles: Profile[] = [];
const skipped: Skipped[] = [];
const rested: { portal?: Promise<Running> } = {};
const bench: Bench = {
  folder,
  sizes: smoke ? SMOKE : WHOLE,
  before: options.before,
  rested: () => {
    rested.portal ??= startPortal(folder);
    return rested.portal;
  },
  add: (table) => {
    tables.push(table);
    console.log(`\n${table.title} (${table.unit})`);
    for (const { name, value, ratio, peakMiB } of table.rows) {
      const memory = peakMiB === undefined ? "" : `  ${figure(peakMiB).padStart(6)} MiB`;
      console.log(`  ${name.padEnd(56)} ${figure(value).padStart(8)}  ${ratio.toFixed(2).padStart(6)}${memory}`);
    }
  },
  profile: (profile) => profiles.push(profile),
  skip: (what, why) => {
    if (skipped.some((one) => one.what === what)) return;
    skipped.push({ what, why });
    console.log(`\nskipped: ${what}: ${why}`);
  },
};

const benchAtLength: Bench = { ...bench, add: (table) => bench.add({ ...table, atLength: true }) };

const missing: string[] = [];
try {
  for (const [name, measure] of Object.entries(ALL)) {
    if (only === undefined ? name in AT_LENGTH : !only.includes(name)) continue;
    const before = tables.length + profiles.length + skipped.length;
    const since = performance.now();
    const first = tables.length;
    const into = name in AT_LENGTH ? benchAtLength : bench;
    await measure(into);
    if (tables.slice(first).some(isNoisy)) {
      console.log(`\n${name}: the machine did too much else, so this is measured again`);
      tables.splice(first);
      await measure(into);
    }
    console.log(`\n${name}: ${((performance.now() - since) / 60_000).toFixed(1)} minutes`);
    if (tables.length + profiles.length + skipped.length === before) missing.push(`${name}: nothing came of it`);
  }
} finally {
  await (await rested.portal)?.stop();
  await rm(folder, { recursive: true, force: true });
}
for (const { title, rows } of tables) {
  for (const { name, value, ratio } of rows) {
    if (!(value > 0 && ratio > 0 && Number.isFinite(value))) missing.push(`${title}, ${name}: no figure`);
  }
}
for (const table of tables.filter(isNoisy)) {
  missing.push(`${table.title}: the machine was too noisy to tell, by the spread of "${table.baseline}"`);
}
const date = dayOf(new Date());
const machine = describeMachine();
const [processor = ""] = machine;
const found: Report = {
  date,
  machine,
  tables: tables.map((table) => ({ ...table, date, processor })),
  profiles,
  skipped,
};
const published = await readReport();
// What is taken only by its name outlives a whole run, with its own date.
const whole = { ...found, tables: [...found.tables, ...published.tables.filter(({ atLength }) => atLength)] };
const report = only === undefined || smoke ? whole : merged(published, found);
// Rendered in a smoke as well, so that it is known to work.
await pagesOf(report);
if (!smoke && missing.length === 0) {
  await writeFile(join(root, "docs/benchmarks.json"), `${JSON.stringify(report, null, 2)}\n`);
  await publish(report);
}
console.log(`\n${tables.length} tables in ${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
for (const line of missing) console.error(line);
process.exitCode = missing.length === 0 ? 0 : 1;
