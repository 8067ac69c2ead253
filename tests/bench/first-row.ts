import type { Page } from "puppeteer-core";

/** From a page's navigation to its first row of a case: in the document, and drawn; ms, by the page's own clock. */
export interface FirstRow {
  readonly listed: number;
  readonly drawn: number;
}

type Watched = typeof globalThis & { firstRow: Promise<FirstRow> };

/** Opens a page of cases. Whatever the browser does before it navigates does not count. */
export async function openUntilFirstRow(page: Page, url: string): Promise<FirstRow> {
  const watch = await page.evaluateOnNewDocument(() => {
    (globalThis as Watched).firstRow = new Promise((resolve) => {
      new MutationObserver((_records, observer) => {
        if (document.querySelector(".case-row") === null) return;
        observer.disconnect();
        const listed = performance.now();
        // After the frame that begins next.
        requestAnimationFrame(() => setTimeout(() => resolve({ listed, drawn: performance.now() }), 0));
      }).observe(document, { childList: true, subtree: true });
    });
  });
  await page.goto(url, { waitUntil: "domcontentloaded" });
  const found = await page.evaluate(() => (globalThis as Watched).firstRow);
  await page.removeScriptToEvaluateOnNewDocument(watch.identifier);
  return found;
}

/** As long as it reads cases, it shows how far it is. */
export async function untilWhole(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("progress") === null, { polling: "mutation" });
}
