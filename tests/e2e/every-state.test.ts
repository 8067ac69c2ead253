import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedWithOthers, violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, OVER_BUCKET } from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { atLength, inTurn } from "../support/length.js";
import { type ScreenPortals, STATES, startScreenPortals } from "../support/submitter-screens.js";
import { removeFolder } from "../support/temporary.js";

/** 1280 pixels, enlarged four times. */
const NARROW = { width: 320, height: 780 };
/** In one of them a person waits for half a minute. */
const TAKEN = Object.entries(STATES).filter(([what]) => atLength(what !== "lost line", true));
/** What stands where a day is said: none may be followed by another full stop. */
const TWO_STOPS = /[^.…]\.\.(?!\.)/;

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: every state of a submitter's pages`, () => {
    let folder: string;
    let downloads: string;
    let browser: Browser;
    let portals: ScreenPortals;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-states-"));
      downloads = await mkdtemp(join(tmpdir(), "postern-downloads-"));
      browser = await kind.launch(downloads);
      portals = await startScreenPortals();
    });
    afterAll(async () => {
      await browser.close();
      await portals.stop();
      await removeFolder(folder);
      await removeFolder(downloads);
    });

    it.each(TAKEN)(
      "is accessible, as narrow as the window, and gives nothing to spell checkers or translators: %s",
      async (_what, show) => {
        const page = await kind.newPage(browser);
        await page.setViewport(NARROW);
        let states = 0;
        const shoot = async (state: string) => {
          states += 1;
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          const text = await page.evaluate(() => document.body.innerText);
          expect([state, width > NARROW.width, text.match(TWO_STOPS)]).toEqual([state, false, null]);
          expect([state, await sharedWithOthers(page)]).toEqual([state, []]);
          if (kind.name === "Chromium") expect([state, await violations(page)]).toEqual([state, []]);
        };
        const parts = { page, language: "ru", folder, downloads, portals, shoot };
        await show(parts, new FormPageDriver(page, folder));
        expect(states).toBeGreaterThan(1);
        await page.close();
      },
    );
  });
}
