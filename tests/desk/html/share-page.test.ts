import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderSharePage } from "../../../src/desk/html/share-page.js";
import { BROWSERS } from "../../support/browsers.js";
import { requireTools } from "../../support/tools.js";

/** No word of the list is longer. */
const LONGEST = "kangaroo";

const [chromium] = BROWSERS;

describe.runIf(chromium !== undefined && requireTools(chromium.tool))("the page of a share", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    if (chromium === undefined) throw new Error("no browser");
    browser = await chromium.launch();
    page = await chromium.newPage(browser);
    const words = Array.from({ length: 23 }, () => LONGEST);
    await page.setContent(
      await renderSharePage({ words, number: 1, shares: 5, need: 3, label: "Postern 2026-12 0123 4567 89AB CDEF" }),
    );
  });
  afterAll(() => browser.close());

  it.each([360, 1_280])("keeps its words apart, and within a window of %i px", async (width) => {
    await page.setViewport({ width, height: 800 });
    const boxes = await page.$$eval("li", (items) =>
      items.map((item) => {
        const range = document.createRange();
        range.selectNodeContents(item);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { start: item.getBoundingClientRect().left, left, right, top, bottom };
      }),
    );
    expect(boxes).toHaveLength(23);
    for (const [index, box] of boxes.entries()) {
      expect(box.right, `word ${index + 1}`).toBeLessThanOrEqual(width);
      // Its number stands before it, within its column.
      expect(box.left, `word ${index + 1}`).toBeGreaterThan(box.start);
      const touched = boxes.filter(
        ({ start, right, top, bottom }) =>
          start < box.right && right > box.start && top < box.bottom && bottom > box.top,
      );
      expect(touched, `word ${index + 1}`).toHaveLength(1);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  it.each(["a4", "letter"] as const)("is one sheet of paper: %s", async (format) => {
    const printed = await page.pdf({ format, margin: { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" } });
    const sheets = Buffer.from(printed)
      .toString("latin1")
      .matchAll(/\/Type\s*\/Page\b/g);
    expect([...sheets]).toHaveLength(1);
  });
});
