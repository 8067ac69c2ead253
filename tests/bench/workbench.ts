// How fast the workbench lists 10 000 cases, searches, and saves. npx tsx tests/bench/workbench.ts [COUNT]
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "puppeteer-core";
import { createWorkbench, writeCaseIndex } from "../../src/desk/index.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";
import { searchTimes } from "./search-times.js";

const COUNT = Number(process.argv[2] ?? 10_000);
const SAVES = 50;
const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  await makeCases(folder, COUNT);
  const workbench = await createWorkbench(folder, (fault) => console.error(fault.message), {
    outbox: join(folder, "outbox"),
    staff: async () => null,
  });
  workbench.server.listen(0, "127.0.0.1");
  await once(workbench.server, "listening");
  for (const kind of BROWSERS.filter(isInstalled)) {
    const browser = await kind.launch();
    const page = await kind.newPage(browser);
    // The first one reads the folders; the server keeps what it has read.
    for (const time of ["first", "again"]) {
      const before = performance.now();
      await page.goto("about:blank");
      await page.goto(workbench.newAddress());
      await page.waitForSelector(".case-row");
      const newest = since(before);
      // As long as it reads, it shows how far it is.
      await page.waitForFunction(() => document.querySelector("progress") === null, { polling: "mutation" });
      console.log(
        `${kind.name}, workbench, ${time}: newest listed in ${newest} ms, all ${COUNT} in ${since(before)} ms`,
      );
    }
    console.log(`${kind.name}: at once, ${await searchTimes(page)}`);
    console.log(`${kind.name}: again, ${await searchTimes(page)}`);
    console.log(`${kind.name}: ${await saveTimes(page)}`);
    await page.close();
    const index = await kind.newPage(browser);
    const before = performance.now();
    await index.goto(pathToFileURL(await writeCaseIndex(folder)).href);
    const written = performance.now();
    await index.reload();
    await index.waitForSelector(".case-row");
    console.log(
      `${kind.name}, index.html: written in ${(written - before).toFixed(0)} ms, listed in ${since(written)} ms`,
    );
    console.log(`${kind.name}, index.html: at once, ${await searchTimes(index)}`);
    await index.waitForFunction(
      (since) => performance.now() > since + 15_000,
      {},
      await index.evaluate(() => performance.now()),
    );
    console.log(`${kind.name}, index.html: after 15 s, ${await searchTimes(index)}`);
    await browser.close();
  }
  workbench.server.close();
  workbench.server.closeAllConnections();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function since(before: number): string {
  return (performance.now() - before).toFixed(0);
}

/** From the key that sets a status to the words that it is saved. */
async function saveTimes(page: Page): Promise<string> {
  await page.focus("#who");
  await page.keyboard.type("Анна");
  const times = await page.evaluate(async (count) => {
    const told = document.querySelector(".told-saved");
    document.querySelector<HTMLElement>(".case > summary")?.focus();
    const found: number[] = [];
    for (let at = 0; at < count; at += 1) {
      if (told !== null) told.textContent = "";
      const started = performance.now();
      const saved = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(null);
        });
        if (told !== null) observer.observe(told, { childList: true, characterData: true });
      });
      const code = `Digit${1 + (at % 5)}`;
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true }));
      await saved;
      found.push(performance.now() - started);
    }
    return found;
  }, SAVES);
  const sorted = times.sort((left, right) => left - right);
  return `saved on the disk in ${sorted[SAVES / 2]?.toFixed(0)} ms, at most ${sorted.at(-1)?.toFixed(0)} ms`;
}
