import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { PRISONERS } from "../support/forms.js";
import { inTurn } from "../support/length.js";
import { meddlingLine } from "../support/meddling-line.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import type { TestPortal } from "../support/portal.js";

const LETTER = "Здравствуйте! канарейка.";
const CODE = "5720 0000 0000 0000 0009";

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: another language, while a letter is being written`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;

    beforeEach(async () => {
      portal = await session.startPortal();
    });

    const change = async (language: string) => {
      await session.form.press(`header a[lang=${language}]`);
      await poll("the language", async () =>
        (await session.page.evaluate(() => document.documentElement.lang)) === language ? true : null,
      );
    };
    const value = (id: string) => session.page.$eval(`#field-${id}`, (field) => (field as HTMLInputElement).value);

    it("keeps text, answers, number and documents, asks nothing, and sends them in that language", async () => {
      const { form, page } = session;
      await form.visit(portal.url);
      await form.write("message", LETTER);
      await form.write("prisoner", "Иванов");
      await form.write("receipt-code", CODE);
      await form.attach({ name: "паспорт.jpg", contents: Buffer.from("один") });
      await poll("the document", () => page.$(".documents li"));
      await change("uk");
      expect(page.url()).toBe(`${portal.url}/uk/`);
      expect(await page.title()).toBe("Напишіть нам");
      expect(await value("message")).toBe(LETTER);
      expect(await value("prisoner")).toBe("Иванов");
      expect(await value("receipt-code")).toBe(CODE);
      expect(await form.text(".documents")).toContain("паспорт.jpg");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("lang"))).toBe("uk");
      await form.untilSendable();
      expect(await form.text("#client-state")).toContain("Готово: ваш браузер зашифрує");
      await change("en");
      await page.$eval("#field-receipt-code", (field) => {
        (field as HTMLInputElement).value = "";
      });
      await form.untilSendable();
      await form.press("#send");
      await form.untilText("h1", "We have your letter");
      expect(form.questions).toBe(0);
      const [opened, ...more] = await portal.open();
      expect(more).toEqual([]);
      expect(opened?.record).toMatchObject({ language: "en", answers: { message: LETTER, prisoner: "Иванов" } });
      expect(opened?.files.map(({ name, contents }) => [name, contents.toString()])).toEqual([["паспорт.jpg", "один"]]);
    });

    it("leaves a choice that nobody has made as it was", async () => {
      const { form, page } = session;
      const own = await session.startPortal({ form: PRISONERS });
      const state = () =>
        page.evaluate(() => [
          ...[...document.querySelectorAll("#form input:checked")].map(({ id }) => id),
          ...[...document.querySelectorAll("#form details[open]")].map(({ id }) => id),
        ]);
      await form.visit(own.url);
      const before = await state();
      await page.$eval("#field-prisoner", (field) => {
        (field as HTMLInputElement).value = "Иванов";
      });
      await change("uk");
      expect(await value("prisoner")).toBe("Иванов");
      const of = await page.$eval("#field-prisoner", (field) => field.closest("details")?.id ?? null);
      expect(await state()).toEqual([...before, ...(of === null || before.includes(of) ? [] : [of])]);
    });

    it("keeps the choice to take out of pictures where they were taken, and sends none with it", async () => {
      const { form, page } = session;
      await form.visit(portal.url);
      await form.attach({ name: "снимок.jpg", contents: pictureVector("phone.jpg") });
      await form.untilText(".documents", "55.75120, 37.61840");
      await page.focus("#pictures");
      await page.keyboard.press(" ");
      await form.untilText(".documents", "Уйдёт без этого");
      await change("uk");
      await form.untilText(".documents", "55.75120, 37.61840");
      expect(await page.$eval("#pictures", (box) => (box as HTMLInputElement).checked)).toBe(true);
      await change("en");
      // At once, and again while the page still looks at the picture.
      await poll("the receipt", async () => {
        await page.$eval("#send:not(:disabled)", (button) => (button as HTMLElement).click()).catch(() => undefined);
        return (await form.text("h1")).includes("We have your letter") ? true : null;
      });
      const [opened] = await portal.open();
      expect(opened?.files.map(({ contents }) => contents.includes(PICTURES.canary))).toEqual([false]);
    });

    it("leaves nothing in the history, and the way out still leaves at once", async () => {
      const { form, page } = session;
      await form.visit(portal.url);
      await form.write("message", LETTER);
      await change("uk");
      const named = await page.evaluate(() => {
        // So a tab is called where the network is narrow, which a busy machine looks like.
        const before = window.name;
        window.name = "narrow";
        return before;
      });
      expect(["", "narrow"]).toContain(named);
      expect(await page.evaluate(() => [history.state, localStorage.length, sessionStorage.length])).toEqual([
        null,
        0,
        0,
      ]);
      const asked = new Promise<string>((resolve) => {
        page.on("request", (request) => {
          if (request.url().endsWith("/leave")) resolve(request.url());
        });
      });
      const left = await page.evaluate(() => {
        document.querySelector<HTMLElement>(".exit")?.click();
        return [document.documentElement.innerText.trim(), window.name];
      });
      expect(left).toEqual(["", ""]);
      expect(await asked).toBe(`${portal.url}/uk/leave`);
      expect(form.questions).toBe(0);
    });

    it("is not taken from a page that names other keys", async () => {
      const { form, page } = session;
      const line = session.stopLater(
        await meddlingLine(portal.url, (path, answer) =>
          path === "/uk/"
            ? { ...answer, body: answer.body.replaceAll(portal.recipient.fingerprint, "F".repeat(40)) }
            : answer,
        ),
      );
      await form.visit(line.url);
      await form.write("message", LETTER);
      await form.press("header a[lang=uk]");
      // The browser leaves the page instead.
      await poll("the other page", async () => (page.url().endsWith("/uk/") ? true : null));
      await poll("the field", async () => ((await value("message")) === "" ? true : null));
    });

    it("carries what adds to an earlier letter, too", async () => {
      const { form, page } = session;
      await page.goto(`${portal.url}/ru/replies`);
      await poll("the button", () => page.$("#read:not(:disabled)"));
      await page.type("#field-mailbox-code", CODE);
      await page.keyboard.press("Enter");
      await form.press("#replies > button");
      await form.write("message", LETTER);
      await change("uk");
      expect(page.url()).toBe(`${portal.url}/uk/replies`);
      expect(await value("mailbox-code")).toBe(CODE);
      await form.untilSendable();
      await form.press("#send");
      await form.untilText("h1", "Лист у нас");
      const [opened] = await portal.open();
      expect(opened?.record).toMatchObject({ language: "uk", followUp: true, answers: { message: LETTER } });
    });
  });
}
