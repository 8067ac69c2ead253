// How fast the index of 2 000 cases opens and answers. npx tsx tests/bench/case-index.ts
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeCaseIndex } from "../../src/desk/index.js";
import { BROWSERS } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";

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
    const times = await page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>("#search");
      return ["петр", "иванов приговор", "ничего такого", "с", "ELKA", "ёлка надежда", ""].map((words) => {
        const started = performance.now();
        if (field !== null) field.value = words;
        field?.dispatchEvent(new Event("input"));
        // What has been changed is laid out as well.
        document.body.getBoundingClientRect();
        return performance.now() - started;
      });
    });
    const sorted = times.sort((left, right) => left - right);
    console.log(
      `${kind.name}: opened in ${opened.toFixed(0)} ms; a search takes ${sorted[3]?.toFixed(0)} ms, at most ${sorted.at(-1)?.toFixed(0)} ms`,
    );
    await browser.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
