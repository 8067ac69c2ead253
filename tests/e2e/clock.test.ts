import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, CHROMIUM_ELSEWHERE, isInstalled } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const KEYS = { lifetime: 100 * 24 * 60 * 60 };

/** The worker's script with the device's clock wrong by so much, and the keys with a `Date` of the server's own. */
async function withClocks(
  portal: TestPortal,
  offsetMs: number,
  date: Date | null,
): Promise<(path: string) => Tampered | null> {
  const front = await (await fetch(`${portal.url}/ru/`)).text();
  const path = /\/build\/worker-[0-9a-f]+\.js/.exec(front)?.[0] ?? "";
  const [worker, keys] = await Promise.all([path, "/keys.asc"].map((each) => fetch(portal.url + each)));
  if (worker === undefined || keys === undefined) throw new Error("the portal gives neither script nor keys");
  const [script, armored] = await Promise.all([worker.text(), keys.text()]);
  // Without the portal's own headers the page may not start the script.
  const { "content-length": _length, "content-encoding": _coding, ...headers } = Object.fromEntries(worker.headers);
  const wrong = `{ const real = Date, now = () => real.now() + ${offsetMs};
    self.Date = class extends real { constructor(...given) { given.length ? super(...given) : super(now()); } static now() { return now(); } }; }\n`;
  return (asked) => {
    if (asked === path) return { status: 200, body: wrong + script, headers };
    if (asked === "/keys.asc" && date !== null) {
      return { status: 200, body: armored, headers: { Date: date.toUTCString() } };
    }
    return null;
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
      const line = session.stopLater(await tamperingLine(portal.url, await withClocks(portal, offsetMs, null)));
      await form.visit(line.url);
      await form.write("message", "письмо");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open()).map(({ record }) => record.encrypted)).toEqual(["browser"]);
    });

    it("names the clock, and leads to nothing weaker, where only one of the two can be right", async () => {
      const { form, page } = session;
      const portal = await session.startPortal(KEYS);
      const tamper = await withClocks(portal, 0, new Date(Date.now() + 300 * DAY_MS));
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
