import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { writeCaseIndex } from "../../src/desk/index.js";
import { BROWSERS, type BrowserUnderTest } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { startDesk } from "./desk-server.js";
import { SOUGHT, saveTimes, searchTimes, signIn } from "./desk-times.js";
import { openUntilFirstRow, untilWhole } from "./first-row.js";
import { median, rowsOfTimes, type Table } from "./measure.js";
import { diskAtRest } from "./process-run.js";
import { lineTimes, plainSearchTime, type StaticDesk, startStaticDesk } from "./static-desk.js";

const STATIC = "A static page of the same rows";
const COLD = "Postern's workbench, its server just started";
const INDEX = "Postern's index.html";
const INCLUDES = "String.includes in the same letters";
const SEARCH = "Postern, a search, until it is laid out";
const SLOWEST_SEARCH = `Postern, the slowest of ${SOUGHT.length}`;
const LINE = "A line appended and synced";
const SAVE = "Postern, a status, until the page says so";
const SLOWEST_SAVE = "Postern, the slowest";

type Runs = Map<string, number[]>;

/** The workbench and index.html over many cases: to open them, to search, and to save. */
export async function measureDesk(bench: Bench): Promise<void> {
  const kinds = BROWSERS.filter(({ tool }) => hasTool(tool));
  if (kinds.length === 0) return bench.skip("the desk", "no browser is installed");
  const cases = join(bench.folder, "desk");
  await mkdir(cases);
  const folders = await makeCases(cases, bench.sizes.desk.cases);
  const letters = await Promise.all(folders.map((name) => readFile(join(cases, name, "letter.txt"), "utf8")));
  const index = pathToFileURL(await writeCaseIndex(cases)).href;
  for (const kind of kinds) await measureIn(bench, kind, { cases, index, letters });
}

interface Desk {
  readonly cases: string;
  readonly index: string;
  readonly letters: readonly string[];
}

async function measureIn(bench: Bench, kind: BrowserUnderTest, { cases, index, letters }: Desk): Promise<void> {
  const { cases: count, rounds, repeats, saves } = bench.sizes.desk;
  const browser = await kind.launch();
  const rows = await kind.newPage(browser);
  await openUntilFirstRow(rows, index);
  const still = await startStaticDesk(bench.folder, rows, letters);
  await rows.close();
  const within = (what: string, baseline: string, runs: Runs, note: string): Table => ({
    title: `${what} ${count} cases, ${kind.name}`,
    unit: "ms",
    less: true,
    baseline,
    rows: rowsOfTimes(runs, baseline),
    targets: [],
    note,
  });
  try {
    await diskAtRest();
    const opened = await openings(kind, browser, { cases, index, still, rounds, repeats });
    const about = `From the navigation to the first row on the screen, in a browser that has opened pages before, ${rounds} rounds. At most 1,000 ms are wanted.`;
    bench.add(within("Opening", STATIC, opened, about));
    const desk = await startDesk(cases);
    const page = await kind.newPage(browser);
    try {
      await openUntilFirstRow(page, desk.address);
      await untilWhole(page);
      const plain = await kind.newPage(browser);
      await plain.goto(still.url);
      const searched: Runs = new Map();
      for (let round = 0; round < rounds; round += 1) {
        add(searched, INCLUDES, await plainSearchTime(plain, SOUGHT));
        await page.bringToFront();
        const times = await searchTimes(page);
        add(searched, SEARCH, mean(times));
        add(searched, SLOWEST_SEARCH, Math.max(...times));
      }
      const words = `${SOUGHT.length} searches a round, from the first moment at which all cases are there, ${rounds} rounds. At most 100 ms are wanted for each.`;
      bench.add(within("Searching", INCLUDES, searched, words));
      await signIn(page);
      const saved: Runs = new Map();
      for (let round = 0; round < rounds; round += 1) {
        add(saved, LINE, median(await lineTimes(plain, saves)));
        await page.bringToFront();
        const times = await saveTimes(page, saves);
        add(saved, SAVE, median(times));
        add(saved, SLOWEST_SAVE, Math.max(...times));
      }
      const steps = `${saves} steps a round, ${rounds} rounds; the slowest is of each round. The baseline is a server that appends a line, syncs the file and answers. At most 50 ms are wanted.`;
      bench.add(within("Saving among", LINE, saved, steps));
    } finally {
      await page.close();
      await desk.stop();
    }
  } finally {
    await browser.close();
    still.stop();
  }
}

interface Openings extends Omit<Desk, "letters"> {
  readonly still: StaticDesk;
  readonly rounds: number;
  /** Of the static page in a round: it is short. */
  readonly repeats: number;
}

async function openings(
  kind: BrowserUnderTest,
  browser: Browser,
  { cases, index, still, rounds, repeats }: Openings,
): Promise<Runs> {
  const runs: Runs = new Map();
  const open = async (url: string) => {
    const page = await kind.newPage(browser);
    const { drawn } = await openUntilFirstRow(page, url);
    await page.close();
    return drawn;
  };
  // What a browser does at its very first pages is its own.
  for (let warm = 0; warm < repeats; warm += 1) await open(still.url);
  for (let round = 0; round < rounds; round += 1) {
    const opened: number[] = [];
    for (let at = 0; at < repeats; at += 1) opened.push(await open(still.url));
    add(runs, STATIC, median(opened));
    const desk = await startDesk(cases);
    add(runs, COLD, await open(desk.address));
    await desk.stop();
    add(runs, INDEX, await open(index));
  }
  return runs;
}

function add(runs: Runs, name: string, ms: number): void {
  runs.set(name, [...(runs.get(name) ?? []), ms]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
