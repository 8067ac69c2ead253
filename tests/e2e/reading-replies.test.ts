import { describe, expect, it } from "vitest";
import { createReceiptCode } from "../../src/core/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { answerLetter, readReply } from "../support/correspondence.js";
import { inTurn } from "../support/length.js";
import { tamperingLine } from "../support/tampering-line.js";

const PHONE = { width: 360, height: 740 };
/** Of the receipt, without the page's foot; it was three. Firefox has a scroll bar besides. */
const MAX_SCREENS = 2.3;

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 1)).filter(isInstalled)) {
  describe(`${kind.name}: who waits for an answer`, () => {
    const session = browserSession(kind);

    it("gets a receipt of some two screens of a phone, and its number in the first", async () => {
      const { form, page } = session;
      const portal = await session.startPortal({ config: { answerDays: 7, retentionDays: 90 } });
      await page.setViewport(PHONE);
      await form.visit(portal.url);
      await form.write("message", "Здравствуйте!");
      await form.press("#send");
      await form.untilStored();
      const [height, number] = await page.evaluate(() => {
        const bottom = (selector: string) =>
          (document.querySelector(selector)?.getBoundingClientRect().bottom ?? Number.POSITIVE_INFINITY) + scrollY;
        return [bottom("main"), bottom(".receipt-code")] as const;
      });
      expect(height).toBeLessThanOrEqual(MAX_SCREENS * PHONE.height);
      expect(number).toBeLessThanOrEqual(PHONE.height);
      expect(await page.$eval(".receipt-code", (code) => getComputedStyle(code).direction)).toBe("ltr");
    });

    it("is told that nothing is to be written, and that a telephone's number is another", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await page.goto(`${await session.slowly(portal, 60_000)}/ru/replies`, { waitUntil: "domcontentloaded" });
      await form.untilText("#mailbox-state", "Номер можно ввести уже сейчас");
      await poll("the button", () => page.$("#read:not(:disabled)"));
      await page.type("#field-mailbox-code", "+7 (912) 345-67-89");
      await form.press("#read");
      await form.untilText("#mailbox-state", "Похоже на телефон");
      const gap = await page.evaluate(() => {
        const state = document.querySelector("#mailbox-state")?.getBoundingClientRect().bottom ?? 0;
        return (document.querySelector("#read")?.getBoundingClientRect().top ?? 0) - state;
      });
      expect(gap).toBeGreaterThanOrEqual(16);
    });

    it("deletes it at a second attempt, once the line is back, and writes to the letter whose answer is shown", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      let isCut = false;
      const line = session.stopLater(
        await tamperingLine(portal.url, (path) =>
          isCut && path.startsWith("/mailbox/") ? { status: 503, body: "" } : null,
        ),
      );
      const code = createReceiptCode();
      await answerLetter(portal, code);
      await readReply(form, line.url, code, 60_000);
      // Whoever has read takes the number off the screen, or types the next one.
      await page.$eval("#field-mailbox-code", (field) => {
        (field as HTMLInputElement).value = "";
      });
      isCut = true;
      await form.press(".reply p > button");
      await form.untilText("#mailbox-state", "Сервер не отвечает");
      expect(await page.$$(".reply")).toHaveLength(1);
      isCut = false;
      await form.press(".reply p > button");
      await form.untilText("#mailbox-state", "этого ответа больше нет");
      expect(await page.$$(".reply")).toHaveLength(0);
      await form.press("#replies > button:last-child");
      expect(await page.$eval("#follow-up", (part) => (part as HTMLElement).hidden)).toBe(false);
      expect(await page.$eval("#field-receipt-code", (field) => (field as HTMLInputElement).value)).toBe(code);
    });

    it("is led to the page without JavaScript where the client does not come, not to a form", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      const line = session.stopLater(
        await tamperingLine(portal.url, (path) =>
          /^\/build\/(?:client|later)-/.test(path) ? { status: 404, body: "" } : null,
        ),
      );
      await page.goto(`${line.url}/ru/replies`);
      await form.untilText("#mailbox-state", "Расшифровать ответ в браузере не получается");
      const links = await page.$$eval("#mailbox-state a", (all) => all.map((link) => new URL(link.href).pathname));
      expect(links).toEqual(["/ru/replies/plain"]);
    });

    it("reads it from the top of the screen", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await page.setViewport({ width: PHONE.width, height: 400 });
      const code = createReceiptCode();
      const answer = await answerLetter(portal, code);
      await readReply(form, portal.url, code, 60_000);
      const [top, height] = await poll("the page to have scrolled", async () => {
        const place = await page.$eval(
          ".reply-text",
          (text) => [text.getBoundingClientRect().top, innerHeight] as const,
        );
        return place[0] < place[1] / 2 ? place : null;
      });
      expect(top).toBeGreaterThan(0);
      expect(top).toBeLessThan(height / 2);
      expect(await form.text(".reply-text")).toContain(answer);
    });
  });
}
