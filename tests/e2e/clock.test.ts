import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, CHROMIUM_ELSEWHERE, isInstalled } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const KEYS = { lifetime: 100 * 24 * 60 * 60 };

/** A device's clock that is wrong by so much, and a portal whose keys come with a `Date` of its own. */
function wrongClocks({ url }: TestPortal, offsetMs: number, date: Date | null) {
  const wrong = `{ const real = Date, now = () => real.now() + ${offsetMs};
    self.Date = class extends real { constructor(...given) { given.length ? super(...given) : super(now()); } static now() { return now(); } }; }\n`;
  let workers = 0;
  let entries = 0;
  return {
    /** How many workers have begun with the wrong clock. */
    workers: () => workers,
    tamper: async (path: string): Promise<Tampered | null> => {
      const headers = { Date: date?.toUTCString() ?? "", "Tus-Version": "1.0.0" };
      if (path === "/uploads" && date !== null) return { status: 204, body: "", headers };
      const [, script] = /^\/build\/(main|worker|entry)-[0-9a-f]+\.js$/.exec(path) ?? [];
      if (script === undefined && (path !== "/keys.asc" || date === null)) return null;
      const answer = await fetch(url + path);
      const body = await answer.text();
      if (script === undefined) return { status: 200, body, headers };
      // Without the portal's own headers the page may not start the script. Where nothing is kept, it starts that of
      // the worker without comparing it with its digest first.
      const { "content-length": _length, "content-encoding": _coding, ...own } = Object.fromEntries(answer.headers);
      const uncached = { ...own, "cache-control": "no-store" };
      if (script === "main") return { status: 200, body, headers: uncached };
      // What runs a worker's parts is compared with its digest, and fetched again to begin.
      if (script === "entry" && ++entries === 1) return { status: 200, body, headers: uncached };
      workers += 1;
      return { status: 200, body: wrong + body, headers: uncached };
    },
  };
}

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name} on a device whose clock is wrong`, () => {
    const session = browserSession(kind);

    it.each([
      ["years behind", -20 * 365 * DAY_MS],
      ["a year ahead", 365 * DAY_MS],
    ])("encrypts all the same when it is %s", async (_how, offsetMs) => {
      const { form } = session;
      const portal = await session.startPortal(KEYS);
      const clocks = wrongClocks(portal, offsetMs, null);
      const line = session.stopLater(await tamperingLine(portal.url, clocks.tamper));
      await form.visit(line.url);
      await form.write("message", "письмо");
      await form.press("#send");
      await form.untilStored();
      expect(clocks.workers()).toBe(1);
      expect((await portal.open()).map(({ record }) => record.encrypted)).toEqual(["browser"]);
    });

    it.each([
      ["years behind", -20 * 365 * DAY_MS],
      ["a year ahead", 365 * DAY_MS],
    ])("does so too when it is %s and the network cuts connections short", async (_how, offsetMs) => {
      const { form, page } = session;
      const portal = await session.startPortal(KEYS);
      const clocks = wrongClocks(portal, offsetMs, null);
      const line = session.stopLater(await tamperingLine(portal.url, clocks.tamper));
      await page.evaluateOnNewDocument(() => {
        window.name = "narrow";
      });
      await form.visit(line.url);
      await form.write("message", "письмо");
      await form.press("#send");
      await form.untilStored();
      expect(clocks.workers()).toBe(1);
      expect((await portal.open()).map(({ record }) => record.encrypted)).toEqual(["browser"]);
    });

    it("names the clock, and leads to nothing weaker, where only one of the two can be right", async () => {
      const { form, page } = session;
      const portal = await session.startPortal(KEYS);
      const { tamper } = wrongClocks(portal, 0, new Date(Date.now() + 300 * DAY_MS));
      const line = session.stopLater(await tamperingLine(portal.url, tamper));
      await page.goto(`${line.url}/ru/`);
      await form.untilText("#client-state", "Часы этого устройства и нашего сервера расходятся");
      expect(await form.text("#client-state")).toContain(String(new Date().getFullYear()));
      expect(await page.$$("#client-state button")).toHaveLength(1);
      expect(await page.$$("#client-state a")).toHaveLength(0);
    });
  });
}

describe.runIf(isInstalled(CHROMIUM_ELSEWHERE))("Chromium over plain HTTP", () => {
  const session = browserSession(CHROMIUM_ELSEWHERE);

  it("says that the line is not protected, and leads to nothing weaker", async () => {
    const { form, page } = session;
    const portal = await session.startPortal(KEYS);
    const line = session.stopLater(await tamperingLine(portal.url, () => null));
    await page.goto(`http://portal.test:${new URL(line.url).port}/ru/`);
    await form.untilText("#client-state", "незащищённому соединению");
    expect(await page.$$("#client-state button")).toHaveLength(1);
    expect(await page.$$("#client-state a")).toHaveLength(0);
    expect(await page.$eval("#send", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  });
});
