// How fast the index of 2 000 cases opens and answers. npx tsx tests/bench/case-index.ts
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeCaseIndex } from "../../src/desk/index.js";
import { BROWSERS } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";
import { saySearches, searchTimes } from "./desk-times.js";

const COUNT = 2_000;
const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  await makeCases(folder, COUNT);
  const begun = performance.now();
  const path = await writeCaseIndex(folder);
  const { size } = await stat(path);
  console.log(
    `${COUNT} cases, index written in ${(performance.now() - begun).toFixed(0)} ms, ${(size / 1024 ** 2).toFixed(1)} MiB`,
  );
  for (const kind of BROWSERS) {
    const browser = await kind.launch();
    const page = await kind.newPage(browser);
    const before = performance.now();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("#search");
    const opened = performance.now() - before;
    console.log(`${kind.name}: opened in ${opened.toFixed(0)} ms; ${saySearches(await searchTimes(page))}`);
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
