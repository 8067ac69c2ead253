import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countCases, countsForReport } from "../src/cases/index.js";
import { renderCountsPage } from "../src/desk/index.js";
import { BROWSERS } from "./support/browsers.js";
import { inventedCase } from "./support/cases.js";
import { startTestPickup } from "./support/pickup.js";
import { fill, signIn } from "./support/pickup-page.js";

const folder = await mkdtemp(join(tmpdir(), "shot-"));
const kind = BROWSERS[0];
const browser = await kind.launch(folder);
const page = await kind.newPage(browser);
const pickup = await startTestPickup();
await fill(pickup);
await signIn(page, pickup, "uk", "maksym");
for (const width of [360, 1280])
  for (const language of ["uk", "en"]) {
    await page.setViewport({ width, height: 900 });
    await page.goto(`${pickup.url}/${language}/`);
    await page.screenshot({ path: `/tmp/form-pickup-${language}-${width}.png` });
  }
const cases = Array.from({ length: 120 }, (_, at) =>
  inventedCase({
    id: at.toString(16).padStart(32, "0"),
    day: `2026-${String(1 + (at % 7)).padStart(2, "0")}-10`,
    language: at % 5 ? "ru" : "uk",
    status: at % 3 ? "new" : "answered",
    answers: {
      charge: { question: "", text: ["207.3", "280.3", "205.2", "275", "ст. 207.3, 280.3"][at % 5] ?? "", chosen: [] },
      place: { question: "", text: `ИК-${1 + (at % 9)}`, chosen: [] },
    },
  }),
);
const counts = countCases(cases);
for (const report of [false, true]) {
  await writeFile(
    `/tmp/form-counts-${report}.html`,
    renderCountsPage({ counts: report ? countsForReport(counts) : counts, report, language: "uk", day: "2026-11-26" }),
  );
  for (const width of [360, 1280]) {
    await page.setViewport({ width, height: 900 });
    await page.goto(`file:///tmp/form-counts-${report}.html`);
    await page.screenshot({ path: `/tmp/form-counts-${report}-${width}.png`, fullPage: true });
  }
}
await browser.close();
await pickup.stop();
