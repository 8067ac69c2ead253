import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET, poll, pressWords } from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { recordingLine } from "../support/recording-line.js";
import { takeSaved } from "../support/saved-file.js";
import { removeFolder } from "../support/temporary.js";
import { traces, tracesIn } from "../support/traces.js";

/** No compression cuts it in pieces: nothing like it stands anywhere before. */
const LETTER = "Qx7ZkrVw9TzLmB4e";
const ON_SITE = "Оставить на сайте";
const IN_FILE = "Сохранить в файл";
const OTHER_NUMBER = "5720 0000 0000 0000 0009";

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 1)).filter(isInstalled)) {
  describe(`${kind.name}: a letter that is stopped and gone on with`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;

    beforeEach(async () => {
      portal = await session.startPortal({ config: { draftDays: 14 } });
    });

    const press = (page: Page, words: string) => pressWords(page, words, ".drafts");

    async function write(form: FormPageDriver): Promise<void> {
      await form.untilSendable();
      await form.write("message", LETTER);
      await form.write("prisoner", "Иванов");
      await form.attach({ name: "паспорт.jpg", contents: Buffer.from("один") });
      await poll("the document", () => form.page.$(".documents li"));
    }

    /** Stops, and returns the number that is shown. */
    async function stop(form: FormPageDriver, where: string): Promise<string> {
      await press(form.page, "Остановиться и продолжить позже");
      await press(form.page, where);
      await form.untilText("h1", "Черновик сохранён");
      expect(await form.page.content()).not.toContain(LETTER);
      const code = await form.text(".receipt-code");
      expect(code).toMatch(/^\d{4}( \d{4}){4}$/);
      return code;
    }

    async function goOn(page: Page, code: string, file: Buffer | null): Promise<void> {
      if ((await page.$("#field-draft-code")) === null) await press(page, "Продолжить начатое письмо");
      const field = await poll("the field", () => page.$("#field-draft-code"));
      await field.evaluate((element) => {
        (element as HTMLInputElement).value = "";
      });
      await field.type(code);
      if (file === null) return press(page, "Найти на сайте");
      const path = join(session.folder, "opened.gpg");
      await writeFile(path, file);
      await ((await page.$("#field-draft-file")) as ElementHandle<HTMLInputElement>).uploadFile(path);
    }

    const says = (page: Page, words: string) =>
      poll(words, async () =>
        (await page.$eval(".drafts", (part) => (part as HTMLElement).innerText)).includes(words) ? true : null,
      );
    const value = (page: Page, id: string) => page.$eval(`#field-${id}`, (field) => (field as HTMLInputElement).value);

    async function expectBack(page: Page): Promise<void> {
      await says(page, "Черновик открыт");
      await says(page, "паспорт.jpg");
      expect([await value(page, "message"), await value(page, "prisoner")]).toEqual([LETTER, "Иванов"]);
    }

    /** As after the tab was closed, or the browser discarded it. */
    async function inNewTab<Result>(act: (page: Page, form: FormPageDriver) => Promise<Result>): Promise<Result> {
      const page = await kind.newPage(session.browser);
      try {
        return await act(page, new FormPageDriver(page, session.folder));
      } finally {
        await page.close();
      }
    }

    it("waits on the site, comes back in another tab, is sent, and can be deleted", async () => {
      const line = session.stopLater(await recordingLine(() => portal.url));
      const code = await inNewTab(async (page, form) => {
        await page.goto(`${line.url}/ru/`);
        await write(form);
        return stop(form, ON_SITE);
      });
      const [name] = await readdir(join(portal.folder, "drafts"));
      expect(name).toMatch(/^[a-z2-7]{32}\.gpg$/);
      for (const trace of traces(LETTER)) {
        expect(line.sent().includes(trace)).toBe(false);
        expect((await readFile(join(portal.folder, "drafts", name ?? ""))).includes(trace)).toBe(false);
      }
      const { form, page } = session;
      await form.visit(line.url);
      await goOn(page, OTHER_NUMBER, null);
      await says(page, "По этому номеру черновика нет");
      await goOn(page, code, null);
      await expectBack(page);
      await press(page, "Стереть черновик с сайта");
      await says(page, "Черновик стёрт");
      expect(await readdir(join(portal.folder, "drafts"))).toEqual([]);
      await form.press("#send");
      await form.untilStored();
      const [opened] = await portal.open();
      expect(opened?.record.answers).toEqual({ message: LETTER, prisoner: "Иванов" });
      expect(opened?.files).toEqual([]);
    });

    it("waits in a file, which no other number opens, nor one that was changed", async () => {
      const code = await inNewTab(async (page, form) => {
        await page.goto(`${portal.url}/ru/`);
        await write(form);
        return stop(form, IN_FILE);
      });
      const file = await takeSaved(session.downloads, "draft.gpg");
      for (const trace of traces(LETTER)) expect(file.includes(trace)).toBe(false);
      expect(await readdir(join(portal.folder, "drafts"))).toEqual([]);
      const { form, page } = session;
      await form.visit(portal.url);
      await goOn(page, OTHER_NUMBER, file);
      await says(page, "Файл этим номером не открывается");
      const changed = Buffer.from(file);
      changed[40_000] = (changed[40_000] ?? 0) ^ 1;
      await goOn(page, code, changed);
      await says(page, "Файл этим номером не открывается");
      await goOn(page, "1234", file);
      await says(page, "Цифр меньше двадцати");
      await goOn(page, code, file);
      await expectBack(page);
    });

    it("is not opened if it was tampered with on the site", async () => {
      const code = await inNewTab(async (page, form) => {
        await page.goto(`${portal.url}/ru/`);
        await write(form);
        return stop(form, ON_SITE);
      });
      const [name] = await readdir(join(portal.folder, "drafts"));
      const path = join(portal.folder, "drafts", name ?? "");
      const changed = await readFile(path);
      changed[40_000] = (changed[40_000] ?? 0) ^ 1;
      await writeFile(path, changed);
      await session.form.visit(portal.url);
      await goOn(session.page, code, null);
      await says(session.page, "повреждён или подменён");
      expect(await value(session.page, "message")).toBe("");
    });

    it("does not take the place of what is written already", async () => {
      const { form, page } = session;
      const code = await inNewTab(async (other, driver) => {
        await other.goto(`${portal.url}/ru/`);
        await write(driver);
        return stop(driver, ON_SITE);
      });
      await form.visit(portal.url);
      await form.write("message", "новое");
      await goOn(page, code, null);
      await says(page, "не нашлось места");
      await says(page, LETTER);
      expect([await value(page, "message"), await value(page, "prisoner")]).toEqual(["новое", "Иванов"]);
    });

    it("goes to a file and back in the offline form, too", async () => {
      const offline = join(session.folder, "form-ru.html");
      await writeFile(offline, await (await fetch(`${portal.url}/offline/ru.html`)).text());
      const code = await inNewTab(async (page, form) => {
        await page.goto(pathToFileURL(offline).href);
        await write(form);
        await press(page, "Остановиться и продолжить позже");
        expect(await page.$eval(".drafts", (part) => (part as HTMLElement).innerText)).not.toContain(ON_SITE);
        await press(page, "Вернуться к письму");
        return stop(form, IN_FILE);
      });
      const file = await takeSaved(session.downloads, "draft.gpg");
      const { form, page } = session;
      await page.goto(pathToFileURL(offline).href);
      await form.untilSendable();
      await goOn(page, code, file);
      await expectBack(page);
      // The same file in the page of the site.
      await form.visit(portal.url);
      await goOn(page, code, file);
      await expectBack(page);
    });

    it("leaves nothing to read on the device", async () => {
      const profile = await mkdtemp(join(tmpdir(), "postern-profile-"));
      let browser: Browser | undefined;
      try {
        browser = await kind.launch(undefined, profile);
        const page = await kind.newPage(browser);
        const form = new FormPageDriver(page, session.folder);
        await form.visit(portal.url);
        await form.write("message", LETTER);
        await form.press("header a[lang=uk]");
        await poll("the language", async () => (page.url().endsWith("/uk/") ? true : null));
        await form.press("header a[lang=ru]");
        await poll("the language", async () => (page.url().endsWith("/ru/") ? true : null));
        await form.untilSendable();
        expect(await value(page, "message")).toBe(LETTER);
        const code = await stop(form, ON_SITE);
        await browser.close();
        expect(await tracesIn(profile, [LETTER, code, code.replaceAll(" ", "")])).toEqual([]);
      } finally {
        await browser?.close();
        await removeFolder(profile);
      }
    });
  });
}
