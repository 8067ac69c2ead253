import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderSharePage } from "../../../src/desk/html/share-page.js";
import { BROWSERS, isInstalled } from "../../support/browsers.js";
import { expectWordsApart, PAPERS, sheetsOf } from "../../support/sheets.js";

/** No word of the list is longer. */
const LONGEST = "kangaroo";
/** A key's name may have no space in it. */
const LABEL = `${"appeals".repeat(7)} 2026-12 0123 4567 89AB CDEF`;

const [kind] = BROWSERS.filter(({ name }) => name === "Chromium");

describe.runIf(kind !== undefined && isInstalled(kind))("the page of a share", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    if (kind === undefined) return;
    browser = await kind.launch();
    page = await kind.newPage(browser);
    const words = Array.from({ length: 23 }, () => LONGEST);
    await page.setContent(await renderSharePage({ words, number: 1, shares: 5, need: 3, label: LABEL }));
  });
  afterAll(() => browser.close());

  it.each([360, 1_280])("keeps its words apart, and within a window of %i px", (width) =>
    expectWordsApart(page, "ol", width),
  );

  it.each(PAPERS)("is one sheet of paper: %s", async (paper) => {
    expect(await sheetsOf(page, paper)).toBe(1);
  });
});
