import type { HTTPRequest, Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET } from "../support/browsers.js";
import { inTurn } from "../support/length.js";

const FIRST_SCREEN = [".exit", "header nav", "h1", ".promise", ".risks", "#field-message", "#question-documents label"];
const WINDOWS = [
  { width: 360, height: 740 },
  { width: 1280, height: 900 },
];

/** Keeps the page from its stylesheet until the returned function is called. */
async function holdStyle(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.setRequestInterception(true);
  page.on("request", (request: HTTPRequest) => {
    const held = request.url().endsWith(".css") ? released : Promise.resolve();
    void held.then(() => request.continue());
  });
  return release;
}

/** Where each of those stands, in whole pixels. */
function places(page: Page): Promise<unknown> {
  return page.evaluate(
    (selectors) =>
      selectors.map((selector) => {
        const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        return [selector, ...[x, y, width, height].map(Math.round)];
      }),
    FIRST_SCREEN,
  );
}

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: a form whose stylesheet has not come yet`, () => {
    const session = browserSession(kind);

    it.each(WINDOWS)("can be filled in, and stands still when it comes: $width px", async (window) => {
      const { page } = session;
      const portal = await session.startPortal();
      await page.setViewport(window);
      const release = await holdStyle(page);
      const going = page.goto(`${portal.url}/ru/`);
      await page.waitForSelector("footer");
      const before = await places(page);
      await page.focus("#field-message");
      await page.keyboard.type("письмо");
      expect(await page.evaluate(() => document.styleSheets.length)).toBe(1);
      release();
      await going;
      await session.form.untilSendable();
      expect(await page.evaluate(() => document.styleSheets.length)).toBe(2);
      expect(await page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toBe("письмо");
      expect(await places(page)).toEqual(before);
    });
  });
}
