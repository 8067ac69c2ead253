import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS_WITHOUT_JAVASCRIPT, frameWith, isInstalled, OVER_BUCKET, poll, textOf } from "../support/browsers.js";
import { atLength, inTurn } from "../support/length.js";
import { openWithGnuPg } from "../support/open-with-gpg.js";
import type { PortalOptions, TestPortal } from "../support/portal.js";

const LETTER = "Здравствуйте! Помогите, пожалуйста.";
const FORM = /\/(?:ru|uk|en)\/form\//;
const ANSWER = /\/submit/;
const KINDS = OVER_BUCKET ? inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 0) : BROWSERS_WITHOUT_JAVASCRIPT;

for (const kind of KINDS.filter(isInstalled)) {
  describe(`${kind.name} without JavaScript`, () => {
    const session = browserSession(kind);

    async function visit(options: PortalOptions = {}, bytesPerSecond?: number): Promise<TestPortal> {
      const portal = await session.startPortal(options);
      const url = bytesPerSecond === undefined ? portal.url : await session.slowly(portal, bytesPerSecond);
      await session.page.goto(`${url}/ru/`);
      return portal;
    }

    async function file(name: string, contents: string | Uint8Array): Promise<string> {
      const path = join(session.folder, name);
      await writeFile(path, contents);
      return path;
    }

    /** Goes to a field by keyboard alone: from the letter, Tab after Tab. */
    async function tabTo(name: string): Promise<void> {
      const { page } = session;
      const { frame } = await frameWith(page, FORM, `[name="${name}"]`);
      for (let presses = 0; presses < 40; presses += 1) {
        if ((await frame.evaluate(() => document.activeElement?.getAttribute("name"))) === name) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not lead to ${name}`);
    }

    /** The questions that need no answer are behind a line, which opens by keyboard as well. */
    async function openDetails(): Promise<void> {
      const { element } = await frameWith(session.page, FORM, "#more > summary");
      await element.focus();
      await session.page.keyboard.press("Enter");
    }

    async function attach(...paths: readonly string[]): Promise<void> {
      const { page } = session;
      const { frame } = await frameWith(page, FORM, "input[type=file]");
      const input = await frame.$("input[type=file]");
      await input?.uploadFile(...paths);
    }

    async function send(): Promise<void> {
      const { page } = session;
      const { frame } = await frameWith(page, FORM, "button[type=submit]");
      for (let presses = 0; presses < 40; presses += 1) {
        if ((await frame.evaluate(() => document.activeElement?.tagName)) === "BUTTON") {
          await page.keyboard.press("Enter");
          return;
        }
        await page.keyboard.press("Tab");
      }
      throw new Error("Tab does not lead to the button");
    }

    it("fills the form by keyboard, attaches two documents, shows the receipt, and gpg opens the result", async () => {
      const { folder, page } = session;
      const portal = await visit();
      const letter = await frameWith(page, FORM, "textarea[name=message]");
      await letter.element.focus();
      await page.keyboard.type(LETTER);
      await attach(await file("паспорт.jpg", "один"), await file("приговор.jpg", "два"));
      await openDetails();
      await tabTo("prisoner");
      await page.keyboard.type("Иванов Пётр");
      await tabTo("contact");
      await page.keyboard.type("Signal");
      await send();

      const answer = await frameWith(page, ANSWER, "h1");
      const text = await textOf(answer.frame);
      expect(text).toContain("Оно зашифровано и сохранено");
      expect(text).toContain("2 документа");
      expect(text).not.toContain(LETTER);
      await poll("nothing but the end of progress to be shown", async () => {
        const frame = page.frames().find((candidate) => candidate.url().includes("/progress/"));
        const shown = frame === undefined ? "" : await textOf(frame);
        return shown.trim() === "Готово: письмо сохранено." ? shown : null;
      });

      const [name] = await portal.stored();
      const opened = await openWithGnuPg(join(portal.folder, "submissions", name ?? ""), portal.secretKey, folder);
      expect(opened.files.map(({ entry, contents }) => [entry, contents.toString()])).toEqual([
        ["files/01-паспорт.jpg", "один"],
        ["files/02-приговор.jpg", "два"],
      ]);
      for (const answered of [LETTER, "Иванов Пётр", "Signal"]) expect(opened.letter).toContain(answered);
    });

    it("shows the bar move through a slow upload of 20 MB, the form still there, then the answer", async () => {
      const { page } = session;
      await visit({}, 5_000_000);
      const letter = await frameWith(page, FORM, "textarea[name=message]");
      await letter.element.focus();
      await page.keyboard.type("x");
      await attach(await file("video.mp4", Buffer.alloc(20_000_000)));
      // The bar's page begins a second after the rest: nobody fills in a form faster. Firefox's driver never hears of
      // it.
      await poll("the progress page", async () => {
        const frame = page.frames().find((candidate) => candidate.url().includes("/progress/"));
        const path = await frame?.evaluate(() => location.pathname);
        return path !== undefined && /\/progress\/[0-9a-f]{32}$/.test(path) ? path : null;
      });
      await send();
      const seen = new Set<number>();
      await poll("the answer", async () => {
        const bar = page.frames().find((frame) => frame.url().includes("/progress/"));
        const values = await bar?.evaluate(() =>
          [...document.querySelectorAll("progress")]
            .filter((element) => element.getClientRects().length > 0)
            .map((element) => element.value),
        );
        // All bars but the last are out of sight.
        expect(values?.length ?? 0).toBeLessThanOrEqual(1);
        for (const value of values ?? []) seen.add(value);
        return page.frames().find((frame) => ANSWER.test(frame.url()));
      });
      const moving = [...seen].filter((value) => value > 0 && value < 100);
      expect(moving.length).toBeGreaterThan(3);
      const answer = await frameWith(page, ANSWER, "h1");
      expect(await textOf(answer.frame)).toContain("Оно зашифровано и сохранено");
    });

    it("shows the refusal, not a broken connection, when the files are too large; the letter can be sent again", async () => {
      const { page } = session;
      const portal = await visit({ config: { maxSubmission: 1024 * 1024 } });
      const letter = await frameWith(page, FORM, "textarea[name=message]");
      await letter.element.focus();
      await page.keyboard.type(LETTER);
      await attach(await file("video.mp4", Buffer.alloc(30_000_000)));
      await send();
      const refusal = await frameWith(page, ANSWER, "textarea[name=message]");
      expect(await textOf(refusal.frame)).toContain("Файлы слишком большие");
      expect(await refusal.frame.$eval("textarea[name=message]", (field) => (field as HTMLTextAreaElement).value)).toBe(
        LETTER,
      );
      expect(await portal.stored()).toEqual([]);

      const button = await refusal.frame.$("button[type=submit]");
      await button?.focus();
      await page.keyboard.press("Enter");
      await poll("the receipt", async () => {
        const frame = page.frames().find((candidate) => ANSWER.test(candidate.url()));
        return frame !== undefined && (await textOf(frame)).includes("Оно зашифровано и сохранено") ? frame : null;
      });
      expect((await portal.open())[0]?.record.answers).toEqual({ message: LETTER });
    });

    // What follows is the same over every store.
    if (atLength(OVER_BUCKET, false)) return;

    it("keeps no cookie, and asks nobody else for anything", async () => {
      const { browser, page } = session;
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await visit();
      await frameWith(page, FORM, "form");
      const origin = new URL(page.url()).origin;
      expect(asked.length).toBeGreaterThan(3);
      // Firefox draws some of its own fields with a font that it carries in an address: nobody is asked for that.
      const others = asked.filter((url) => !url.startsWith("data:") && new URL(url).origin !== origin);
      expect(others).toEqual([]);
      expect(await browser.defaultBrowserContext().cookies()).toEqual([]);
    });

    it("changes the language of the whole window", async () => {
      const { page } = session;
      await visit();
      const link = await frameWith(page, FORM, 'a[hreflang="uk"]');
      await link.element.focus();
      await page.keyboard.press("Enter");
      await poll("the Ukrainian page", async () => (new URL(page.url()).pathname === "/uk/" ? true : null));
      const form = await frameWith(page, /\/uk\/form\//, "h1");
      expect(await textOf(form.frame)).toContain("Напишіть нам");
    });
  });
}
