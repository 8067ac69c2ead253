import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { PRISONERS } from "../support/forms.js";
import { keyPaths } from "../support/key-paths.js";
import { inTurn } from "../support/length.js";
import type { Line } from "../support/line.js";
import { openWithGnuPg } from "../support/open-with-gpg.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { tamperingLine } from "../support/tampering-line.js";

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`the operator's own questions in ${kind.name}`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let broken: Line;

    beforeAll(async () => {
      portal = await startTestPortal({ form: PRISONERS });
      const keys = await keyPaths(portal.url);
      broken = await tamperingLine(portal.url, (path) => (keys.has(path) ? { status: 500, body: "" } : null));
    });
    afterAll(async () => {
      await broken.close();
      await portal.stop();
    });

    const isShown = (question: string) =>
      session.page.$eval(`#question-${question}`, (part) => (part as HTMLElement).offsetHeight > 0);
    const opened = async () => {
      const names = await portal.stored();
      const all = await Promise.all(
        names.map(async (name) => {
          const out = await mkdtemp(join(session.folder, "out-"));
          return openWithGnuPg(join(portal.folder, "submissions", name), portal.secretKey, out);
        }),
      );
      for (const name of names) await rm(join(portal.folder, "submissions", name));
      return all[0];
    };

    it("appear with the answers they depend on, and go, and only what is asked is sent", async () => {
      const { form } = session;
      await form.visit(portal.url);
      await form.write("prisoner", "Иванов Пётр");
      expect(await isShown("relation-other")).toBe(false);
      await form.choose("relation", "Другое");
      expect(await isShown("relation-other")).toBe(true);
      await form.write("relation-other", "сосед");
      await form.choose("state", "В СИЗО");
      await form.write("place", "Екатеринбург");
      await form.write("detained", "5.3.2024");
      await form.choose("state", "Под домашним арестом");
      expect(await isShown("place")).toBe(false);
      expect(await isShown("detained")).toBe(true);
      await form.choose("request", "Другое");
      await form.choose("request", "Обмен");
      await form.attach({ name: "приговор.jpg", contents: Buffer.from("x") });
      await form.press("#send");
      await form.untilStored();
      const submission = await opened();
      expect(submission?.record).toMatchObject({ form: { id: "prisoners", version: 1 }, encrypted: "browser" });
      expect(submission?.record.answers).toEqual({
        prisoner: "Иванов Пётр",
        relation: "other",
        "relation-other": "сосед",
        state: "home",
        detained: "2024-03-05",
        request: ["exchange", "other"],
      });
      expect(submission?.letter).toContain("Дата задержания\n5 марта 2024 г.\n");
      expect(submission?.letter).not.toContain("Екатеринбург");
    });

    it("say at once all that is wrong, at the top and beside each question, and take it back", async () => {
      const { form, page } = session;
      await form.visit(portal.url, "en");
      await form.choose("relation", "Something else");
      await form.write("born", "in spring");
      await form.press("#send");
      const links = () => page.$$eval("[role=alert] a", (all) => all.map((link) => link.textContent));
      expect(await links()).toEqual([
        "The prisoner’s name: This question needs an answer.",
        "Date of birth: Write day, month and year in figures, for example 31.12.2024.",
        "Who exactly: This question needs an answer.",
        "What help is needed: This question needs an answer.",
      ]);
      const focused = () => page.evaluate(() => document.activeElement?.id);
      expect(await focused()).toBe("field-prisoner");
      const last = (await page.$$("[role=alert] a")).at(-1);
      await last?.focus();
      await page.keyboard.press("Enter");
      expect(await focused()).toBe("field-request");
      await form.write("prisoner", "x");
      await form.choose("relation", "Son or daughter");
      await form.choose("request", "A lawyer");
      await form.press("#send");
      expect(await links()).toHaveLength(1);
      expect(await page.$$eval(".fault:not([hidden])", (all) => all.length)).toBe(1);
      expect(await page.$eval("#field-prisoner", (field) => field.hasAttribute("aria-invalid"))).toBe(false);
      await page.$eval("#field-born", (field) => {
        (field as HTMLInputElement).value = "";
      });
      await form.press("#send");
      await form.untilText("h1", "We have your letter");
      expect((await opened())?.record.answers).toEqual({ prisoner: "x", relation: "child", request: ["lawyer"] });
    });

    it("go over to the form that the server encrypts as they were answered", async () => {
      const { form, page } = session;
      await page.goto(`${broken.url}/ru/`);
      await poll("the choices", () => page.$("#client-state .fault"));
      await form.write("prisoner", "Иванов");
      await form.choose("relation", "Другое");
      await form.write("relation-other", "сосед");
      await form.choose("request", "Адвокат");
      await form.choose("request", "Убежище");
      await form.attach({ name: "a.txt", contents: Buffer.from("x") });
      const buttons = await page.$$("#client-state button");
      await buttons.at(-1)?.focus();
      await page.keyboard.press("Enter");
      const frame = await poll("the form", async () => {
        const found = page.frames().find((each) => each.url().includes("/form/alone"));
        return found && (await found.$("#send")) !== null ? found : null;
      });
      await poll("the cover", () => page.$("body.covered"));
      await (await frame.$("#send"))?.focus();
      await page.keyboard.press("Enter");
      const submission = await poll("a submission", opened);
      expect(submission.record).toMatchObject({
        encrypted: "server",
        answers: { prisoner: "Иванов", relation: "other", "relation-other": "сосед", request: ["lawyer", "asylum"] },
      });
      expect(submission.files.map(({ name }) => name)).toEqual(["a.txt"]);
    });

    it("are in the offline form too", async () => {
      const { folder, form, page } = session;
      const path = join(folder, "form.html");
      await writeFile(path, await (await fetch(`${portal.url}/offline/uk.html`)).text());
      await page.goto(pathToFileURL(path).href);
      await form.untilSendable();
      await form.press("#send");
      expect(await page.$$eval("[role=alert] a", (all) => all.length)).toBe(3);
      await form.choose("relation", "Інше");
      expect(await isShown("relation-other")).toBe(true);
    });
  });
}
