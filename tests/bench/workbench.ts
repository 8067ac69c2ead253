// How fast the workbench and index.html list 10 000 cases, search, and save. npx tsx tests/bench/workbench.ts [COUNT]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "puppeteer-core";
import { writeCaseIndex } from "../../src/desk/index.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";
import { startDesk } from "./desk-server.js";
import { saveTimes, saySearches, searchTimes, signIn } from "./desk-times.js";
import { openUntilFirstRow, untilWhole } from "./first-row.js";
import { median } from "./measure.js";
import { diskAtRest } from "./process-run.js";

const COUNT = Number(process.argv[2] ?? 10_000);
const SAVES = 50;
const WARM = 5;
const EMPTY_ROW = "data:text/html,<p class=case-row>x";
const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  await makeCases(folder, COUNT);
  const index = pathToFileURL(await writeCaseIndex(folder)).href;
  await diskAtRest();
  for (const kind of BROWSERS.filter(isInstalled)) {
    const tell = (words: string) => console.log(`${kind.name}${words}`);
    const browser = await kind.launch();
    // What a browser does at its very first pages is its own.
    const empty: number[] = [];
    for (let at = 0; at < WARM; at += 1) {
      const page = await kind.newPage(browser);
      empty.push((await openUntilFirstRow(page, EMPTY_ROW)).drawn);
      await page.close();
    }
    tell(`: a page of one line is drawn in ${median(empty).toFixed(0)} ms`);
    // Each time the server has just started, and has read nothing.
    for (const time of ["first", "again"]) {
      const desk = await startDesk(folder);
      const page = await kind.newPage(browser);
      const before = performance.now();
      tell(`, workbench, ${time}: ${await firstRow(page, desk.address)}`);
      await untilWhole(page);
      tell(`, workbench, ${time}: all ${COUNT} in ${(performance.now() - before).toFixed(0)} ms`);
      if (time === "again") {
        for (const when of ["at once", "again"]) tell(`: ${when}, ${saySearches(await searchTimes(page))}`);
        await signIn(page);
        const saved = await saveTimes(page, SAVES);
        tell(`: saved on the disk in ${median(saved).toFixed(0)} ms, at most ${Math.max(...saved).toFixed(0)} ms`);
      }
      await page.close();
      await desk.stop();
    }
    const page = await kind.newPage(browser);
    tell(`, index.html: ${await firstRow(page, index)}`);
    await untilWhole(page);
    tell(`, index.html: at once, ${saySearches(await searchTimes(page))}`);
    const then = await page.evaluate(() => performance.now());
    await page.waitForFunction((since) => performance.now() > since + 15_000, {}, then);
    tell(`, index.html: after 15 s, ${saySearches(await searchTimes(page))}`);
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function firstRow(page: Page, url: string): Promise<string> {
  const { listed, drawn } = await openUntilFirstRow(page, url);
  return `newest listed in ${listed.toFixed(0)} ms, drawn in ${drawn.toFixed(0)} ms`;
}
