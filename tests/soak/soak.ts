// A long run of one portal: npm run soak [-- --minutes 120]. Honest letters of every kind, attacks, restarts, power
// failures, new keys, collections, answers and the end of retention, as POSTERN_TEST_SEED says. In its second half one
// process runs through. Fails if a promised letter is lost, one is stored twice, a file is left over, or memory grows.
// Writes docs/SOAK.md if it ran for half an hour or more.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "../bench/machine.js";
import { requireTools } from "../support/tools.js";
import { CollectingDesk, shownAnswers } from "./collecting-desk.js";
import { Disturbances } from "./disturbances.js";
import { HonestWriter, type SentLetter } from "./honest-letters.js";
import { PortalProcess } from "./portal-process.js";
import { soakPage, soakRows } from "./soak-page.js";
import { growsBy, type Sample, trendOf } from "./trend.js";

const WRITERS = 6;
const COLLECTIONS = 8;
const MOST_MINUTES = 24 * 60;
/** Between two disturbances, at the mean. */
const QUIET_MS = 90_000;
const ATTACK_MS = 15_000;
const SAMPLE_MS = 30_000;
/** In which a process that has begun to run reaches what it takes under this load. */
const WARMING = 0.1;
/** A portal that grew by more in an hour would not live a week in the memory that its unit allows. */
const MAX_SLOPE_MIB = 2;
/** Too short a run tells nothing of a slope. */
const LEAST_MINUTES = 30;
const PAGE = fileURLToPath(new URL("../../docs/SOAK.md", import.meta.url));

const { values: options } = parseArgs({ options: { minutes: { type: "string", default: "120" } } });
const minutes = Number(options.minutes);
if (!(minutes > 0 && minutes <= MOST_MINUTES)) throw new Error(`--minutes takes a number up to ${MOST_MINUTES}`);
if (!requireTools("the long run", "faketime")) process.exit(1);
/** A short run has as much of everything as a long one. */
const shortened = (ms: number) => ms * Math.min(1, minutes / LEAST_MINUTES);

const folder = await mkdtemp(join(tmpdir(), "postern-soak-"));
const portal = await PortalProcess.start(folder);
const desk = new CollectingDesk(portal);
const disturbances = new Disturbances(portal, shortened(ATTACK_MS));
const sent = new Map<string, SentLetter>();
const memory: Sample[] = [];
const events = new Map<string, number>();
const answers = { given: 0, shown: 0 };
const begun = performance.now();
const passed = () => (performance.now() - begun) / (minutes * 60_000);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function happened(what: string): void {
  events.set(what, (events.get(what) ?? 0) + 1);
  process.stderr.write(`${(passed() * minutes).toFixed(1)} min: ${what}; ${sent.size} letters\n`);
}

let turn: Promise<void> = Promise.resolve();
/** Nobody ends a portal while its operator brings answers to it, or while its memory is looked at. */
function inTurn(work: () => Promise<void>): Promise<void> {
  turn = turn.then(work);
  return turn;
}

async function write(writer: HonestWriter): Promise<void> {
  while (passed() < 1) {
    await pause(writer.pauseMs());
    const { text, outcome } = writer.next();
    sent.set(text, { text, outcome: "unknown", sha256: null, receiptCode: null });
    sent.set(text, await outcome);
  }
}

async function disturb(): Promise<void> {
  while (passed() < 1) {
    await pause(shortened(disturbances.pauseMs(QUIET_MS)));
    if (passed() < 1) await inTurn(async () => happened(await disturbances.next(passed() < 0.5)));
  }
}

async function collect(): Promise<void> {
  const given = await desk.collect(sent);
  answers.given += given.size;
  answers.shown += await shownAnswers(portal.url, given);
  happened("collections");
}

async function collectOften(): Promise<void> {
  for (let count = 1; count < COLLECTIONS; count += 1) {
    while (passed() < count / COLLECTIONS) await pause(500);
    await inTurn(collect);
  }
}

async function watch(): Promise<void> {
  while (passed() < 1) {
    await pause(shortened(SAMPLE_MS));
    if (passed() < 0.5 + WARMING) continue;
    await inTurn(async () => {
      memory.push({ hours: (performance.now() - begun) / 3_600_000, value: await portal.memoryMiB() });
    });
  }
}

const faults: string[] = [];
try {
  const writers = Array.from({ length: WRITERS }, (_, at) => new HonestWriter(`writer ${at + 1}`, () => portal.url));
  await Promise.all([...writers.map(write), disturb(), collectOften(), watch()]);
  await collect();
  await portal.end("SIGTERM");
  const leftOver = () => portal.files("data/uploads", "data/incoming", "data/drafts", "temporary");
  await portal.keepHouseLater(async () => (await leftOver()).length === 0);
  await portal.commandLater(["prune"]);
  faults.push(...desk.faults(sent));
  faults.push(...(await leftOver()).map((file) => `left over: ${file}`));
  faults.push(...(await portal.files("data/submissions")).map((file) => `not removed after its time: ${file}`));
} finally {
  await portal.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
}
if (answers.shown !== answers.given) faults.push(`${answers.given - answers.shown} answers were not shown`);
const own = portal.said.split("\n").filter((line) => /internal|Error/.test(line));
faults.push(...own.map((line) => `the portal said: ${line}`));
const trend = trendOf(memory);
if (minutes >= LEAST_MINUTES && growsBy(MAX_SLOPE_MIB, trend))
  faults.push(`memory grew by ${trend.perHour.toFixed(1)} MiB an hour`);

const result = { minutes, sent: [...sent.values()], counts: desk.counts(sent), answers, events, memory, trend, faults };
process.stdout.write(`${[...soakRows(result), ...faults].join("\n")}\n`);
if (minutes >= LEAST_MINUTES) await writeFile(PAGE, soakPage(result, describeMachine()));
if (faults.length > 0) process.exitCode = 1;
