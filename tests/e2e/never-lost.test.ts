import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";

const CANARY = "канарейка";
/** What a person does not see. */
const UNREADABLE_MS = 100;

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: a letter`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;

    beforeEach(async () => {
      portal = await session.startPortal();
      await session.form.visit(portal.url);
    });

    /** Whether the browser would ask before it leaves the page. The driver of Firefox never shows the question. */
    const asks = () => session.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));

    it("is asked about before the page goes, once there is anything to lose", async () => {
      const { form } = session;
      expect(await asks()).toBe(false);
      await form.write("contact", "x");
      expect(await asks()).toBe(true);
      await session.page.keyboard.press("Backspace");
      expect(await asks()).toBe(false);
      await form.attach({ name: "паспорт.jpg", contents: Buffer.from("x") });
      await poll("the document", () => session.page.$(".documents li"));
      expect(await asks()).toBe(true);
      await form.press(".documents button");
      expect(await asks()).toBe(false);
      await form.write("message", "x");
      await form.press("#send");
      await form.untilStored();
      expect(await asks()).toBe(true);
    });

    it.runIf(kind.name === "Chromium")("is really asked about: a link and a reload are questions", async () => {
      const { form, page } = session;
      await page.reload();
      expect(form.questions).toBe(0);
      await form.untilSendable();
      await form.write("message", CANARY);
      await page.reload();
      expect(form.questions).toBe(1);
      await form.untilSendable();
      await form.write("message", CANARY);
      await form.press('footer a[href="/ru/about"]');
      await poll("the other page", async () => (page.url().endsWith("/ru/about") ? true : null));
      expect(form.questions).toBe(2);
    });

    it("is read about beside itself, and pulling the page down does not reload it", async () => {
      const { page } = session;
      expect(await page.$eval(".risks a", (link) => (link as HTMLAnchorElement).target)).toBe("_blank");
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).overscrollBehaviorY)).toBe("none");
    });

    it("is never half behind the way out on a phone: what scrolls goes away as whole lines", async () => {
      const { page } = session;
      await page.setViewport({ width: 360, height: 740 });
      const covered = () =>
        page.evaluate(() => {
          const { top, height } = document.querySelector(".exit")?.getBoundingClientRect() ?? { top: 0, height: 0 };
          const across = [2, 60, 120, 180, 240, document.documentElement.clientWidth - 2];
          return across.map((x) => document.elementFromPoint(x, top + height / 2)?.closest(".leave") != null);
        });
      const languageInSight = await page.$eval("header nav a", (link) => {
        const { left, top, height } = link.getBoundingClientRect();
        return document.elementFromPoint(left + 2, top + height / 2) === link;
      });
      expect(languageInSight).toBe(true);
      await page.evaluate(() => scrollTo(0, 500));
      expect(await covered()).toEqual([true, true, true, true, true, true]);
    });

    it("is gone at once when the way out is pressed, without a question and with nothing to go back to", async () => {
      const { form, page } = session;
      await form.write("message", CANARY);
      await form.write("contact", CANARY);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      const inSight = await page.$eval(".exit", (exit) => {
        const { top, bottom } = exit.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      });
      expect(inSight).toBe(true);
      const asked = new Promise<string>((resolve) => {
        page.on("request", (request) => {
          if (request.url().endsWith("/ru/leave")) resolve(request.url());
        });
      });
      const { took, left } = await page.evaluate(() => {
        const start = performance.now();
        document.querySelector<HTMLElement>(".exit")?.click();
        return { took: performance.now() - start, left: document.title + document.documentElement.innerText };
      });
      expect(took).toBeLessThan(UNREADABLE_MS);
      expect(left.trim()).toBe("");
      expect(await asked).toBe(`${portal.url}/ru/leave`);
      expect(form.questions).toBe(0);
    });

    it("keeps the documents that were chosen before its client was there", async () => {
      const { form, page } = session;
      await page.goto(`${await session.slowly(portal, 60_000)}/ru/`);
      expect(await page.$(".documents")).toBeNull();
      await form.attach({ name: "паспорт.jpg", contents: Buffer.from("один") });
      await form.untilSendable();
      expect(await form.text(".documents")).toContain("паспорт.jpg");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ name }) => name)).toEqual(["паспорт.jpg"]);
    });

    it("is not cut when something long is pasted: the field says what is too long, and keeps all of it", async () => {
      const { form, page } = session;
      await form.reveal("#field-contact");
      await page.focus("#field-contact");
      const long = "x".repeat(600);
      await page.evaluate((text) => document.execCommand("insertText", false, text), long);
      await form.press("#send");
      await form.untilText("#form > .alert", "не больше 500 знаков");
      expect(await page.$eval("#field-contact", (field) => (field as HTMLInputElement).value)).toBe(long);
      expect(await portal.stored()).toEqual([]);
    });
  });
}
