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
import { isNoisy } from "./measure.js";
import { measureMonths, measureMonthsWithGnuPg } from "./months.js";
import { measureOpening } from "./opening.js";
import { type Brought, type Part, takePart } from "./part.js";
import { takeProfiles } from "./profiles.js";
import { pagesOf, publish, readReport } from "./publish.js";
import { measureRelay } from "./relay.js";
import { merged, type Report } from "./report.js";
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
const rested: { portal?: Promise<Running> } = {};
const given = {
  folder,
  sizes: smoke ? SMOKE : WHOLE,
  before: options.before,
  rested: () => {
    rested.portal ??= startPortal(folder);
    return rested.portal;
  },
};
const waiting = Object.entries(ALL)
  .map(([name, measure]): Part => ({ name, measure, atLength: name in AT_LENGTH }))
  .filter(({ name, atLength }) => (only === undefined ? !atLength : only.includes(name)));

const brought: Brought[] = [];
// Two at once where the figures tell nothing but that they are there.
const lanes = await Promise.allSettled(Array.from({ length: smoke ? 2 : 1 }, takeOneAfterAnother));
await (await rested.portal)?.stop();
await rm(folder, { recursive: true, force: true });
for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;

const tables = brought.flatMap((part) => part.tables);
const profiles = brought.flatMap((part) => part.profiles);
const skipped = brought
  .flatMap((part) => part.skipped)
  .filter(({ what }, index, all) => all.findIndex((one) => one.what === what) === index);
const missing = brought
  .filter((part) => part.tables.length + part.profiles.length + part.skipped.length === 0)
  .map(({ name }) => `${name}: nothing came of it`);
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

async function takeOneAfterAnother(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    try {
      brought.push(await takePart(part, given));
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  }
}
