import { beforeAll, describe, expect, it } from "vitest";
import { loadTexts } from "../../src/locales/index.js";
import { createMonthlyKey } from "../../src/months/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { recipientOf } from "../support/keys.js";
import { inTurn } from "../support/length.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const ready = loadTexts().get("ru")?.say("client-ready");

let recipients: Recipients;
beforeAll(async () => {
  const key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: "x", count: 16, now: new Date() });
  recipients = new Recipients([await recipientOf(key)]);
});

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name} at a portal whose certificate has a key for each month`, () => {
    const session = browserSession(kind);

    it.each([
      ["usual network", ""],
      ["network that cuts connections short", "narrow"],
    ])("gets ready on a %s, speaks of no form to keep, and sends", async (_which, name) => {
      const { form, page } = session;
      const portal = await session.startPortal({ recipients });
      await page.evaluateOnNewDocument((found) => {
        window.name = found;
      }, name);
      await form.visit(portal.url);
      expect(await form.text("#client-state")).toBe(ready);
      await form.write("message", "письмо");
      await form.press("#send");
      await form.untilStored();
      expect(await portal.stored()).toHaveLength(1);
    });

    it("starts anew with the keys that the page names, once the portal has those of the next month", async () => {
      const { form, page } = session;
      let aheadMs = 0;
      const now = () => new Date(Date.now() + aheadMs);
      const portal = await session.startPortal({ recipients, now });
      portal.server.prependListener("request", (_request, response) => {
        response.setHeader("Date", now().toUTCString());
      });
      await page.evaluateOnNewDocument(() => {
        const Usual = Worker;
        window.Worker = class extends Usual {
          constructor(script: string | URL, options?: WorkerOptions) {
            super(script, options);
            addEventListener("end-worker", () => this.dispatchEvent(new Event("error")));
          }
        };
      });
      await form.visit(portal.url);
      await form.write("message", "письмо");
      aheadMs = 31 * DAY_MS;
      await page.evaluate(() => dispatchEvent(new Event("end-worker")));
      await form.untilText("#client-state", "Попробовать ещё раз");
      await form.press("#client-state button");
      await form.untilSendable();
      await form.press("#send");
      await form.untilStored();
      expect(await portal.stored()).toHaveLength(1);
    });
  });
}
