import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { deriveReplyAddress } from "../../src/core/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, FIREFOX_SAFER, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { atLength, inTurn } from "../support/length.js";
import { openWithGnuPg } from "../support/open-with-gpg.js";
import type { TestPortal } from "../support/portal.js";
import { type RecordingLine, recordingLine } from "../support/recording-line.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { traces } from "../support/traces.js";

const MIB = 1024 * 1024;
/** What the client sends first; see src/client/upload.ts. */
const CHUNK = 64 * 1024;
const CANARY = "канарейка";
const ANSWERS = {
  message: `Здравствуйте! ${CANARY}-письмо-3f9c.`,
  prisoner: `Иванов Пётр ${CANARY}-узник-77ab`,
  contact: `Signal ${CANARY}-контакт-e1f3`,
};
const FILE_TEXT = `${CANARY}-документ-d4a6 `;

const KINDS = OVER_BUCKET ? inTurn(BROWSERS, 1) : atLength(BROWSERS, [...BROWSERS, FIREFOX_SAFER]);

function twelveFiles(): { name: string; contents: Buffer }[] {
  const random = new Random("twelve files");
  const sizes = [0, MIB, CHUNK, CHUNK + 1, 1, CHUNK - 1, 511, 512, 513, 256 * 1024, 3 * MIB + 7, 100_000];
  return sizes.map((size, index) => {
    const contents = Buffer.from(random.bytes(size));
    if (size > FILE_TEXT.length * 2) contents.write(FILE_TEXT.repeat(4), 0);
    return { name: `${CANARY} файл № ${index + 1} — приговор.jpg`, contents };
  });
}

for (const kind of KINDS.filter(isInstalled)) {
  describe(`${kind.name} with JavaScript`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let line: RecordingLine;

    beforeEach(async () => {
      portal = await session.startPortal();
      line = session.stopLater(await recordingLine(() => portal.url));
    });

    it(`sends a letter and twelve documents that gpg opens, and nothing readable leaves the browser ${WITH_SEED}`, async () => {
      const { folder, form } = session;
      const files = twelveFiles();
      await form.visit(line.url);
      for (const [question, answer] of Object.entries(ANSWERS)) await form.write(question, answer);
      await form.attach(...files);
      await form.press("#send");
      await form.untilStored();

      const [name] = await portal.stored();
      const opened = await openWithGnuPg(join(portal.folder, "submissions", name ?? ""), portal.secretKey, folder);
      expect(opened.record.encrypted).toBe("browser");
      expect(opened.record.answers).toEqual(ANSWERS);
      for (const answer of Object.values(ANSWERS)) expect(opened.letter).toContain(answer);
      expect(opened.files.map((file) => file.name)).toEqual(files.map((file) => file.name));
      opened.files.forEach(({ contents }, index) => {
        expect(contents.equals(files[index]?.contents ?? Buffer.alloc(1))).toBe(true);
      });
      expect(await portal.stored()).toHaveLength(1);

      const sent = line.sent();
      expect(sent.length).toBeGreaterThan(4 * MIB);
      for (const text of [...Object.values(ANSWERS), CANARY, FILE_TEXT, "приговор.jpg"]) {
        for (const trace of traces(text)) expect(sent.includes(trace), `a trace of ${text}`).toBe(false);
      }
      expect(portal.log.join("")).not.toContain(CANARY);
    });

    it("shows the number once, large, and on paper nothing else", async () => {
      const { form, page } = session;
      await form.visit(line.url);
      await form.write("message", "x");
      await form.press("#send");
      await form.untilStored();
      const code = await form.text(".receipt-code");
      expect(code).toMatch(/^\d{4}( \d{4}){4}$/);
      expect(await form.text("main")).toContain("Запишите его");
      expect((await portal.open())[0]?.record.reply).toEqual(
        await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt()),
      );
      await form.press(".actions button");
      await form.untilText(".actions + p", "Скопировано");
      const visible = () =>
        page.$$eval("body *", (all) =>
          all
            .filter((element) => getComputedStyle(element).visibility === "visible" && element.childElementCount === 0)
            .map((element) => (element as HTMLElement).innerText?.trim())
            .filter((text) => text !== undefined && text !== ""),
        );
      expect((await visible()).length).toBeGreaterThan(5);
      if (kind.name === "Chromium") {
        await page.emulateMediaType("print");
        expect(await visible()).toEqual([code]);
      }
    });

    it("tells a mistyped number before anything is sent, and keeps the letter", async () => {
      const { form, page } = session;
      await form.visit(line.url);
      await form.write("message", "x");
      await form.write("receipt-code", "1234 5678 9012 3456 7890");
      await form.press("#send");
      await form.untilText("#form > .alert", "такого номера не бывает");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-receipt-code");
      await page.goto(`${line.url}/ru/replies`);
      await poll("the button", () => page.$("#read:not(:disabled)"));
      await page.type("#field-mailbox-code", "12345678901234567890");
      await page.keyboard.press("Enter");
      await form.untilText("#mailbox-state", "такого номера не бывает");
      expect(line.sent().includes("/mailbox/")).toBe(false);
      expect(await portal.stored()).toEqual([]);
    });

    // What follows is the same over every store.
    if (atLength(OVER_BUCKET, false)) return;

    it("wipes and leaves when Escape is pressed three times, with nothing to go back to", async () => {
      const { form, page } = session;
      await page.goto(`${line.url}/uk/`);
      await form.visit(line.url);
      await form.write("message", `${CANARY}-x`);
      await form.attach({ name: `${CANARY}.jpg`, contents: Buffer.from("x") });
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      expect(await page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toContain(CANARY);
      // The neutral page is not on this machine: that its address was asked for, by way of ours, is what can be seen.
      const asked = new Promise<string>((resolve) => {
        page.on("request", (request) => {
          if (request.url().endsWith("/ru/leave")) resolve(request.url());
        });
      });
      await page.keyboard.press("Escape");
      expect(await asked).toBe(`${line.url}/ru/leave`);
      await poll("the page to be gone", async () => ((await page.content()).includes(CANARY) ? null : true));
    });

    it("asks nobody else for anything, and is there to be filled in after at most 14 KiB", async () => {
      const { form, page } = session;
      const asked: string[] = [];
      page.on("request", (request) => {
        // Firefox also names pages of its own, which nobody is asked for.
        if (/^(?:https?|wss?|ftp):/.test(request.url())) asked.push(request.url());
      });
      await form.visit(line.url);
      for (const url of asked) expect(new URL(url).origin).toBe(line.url);
      // What it is usable without: the client and what that fetches.
      const first = asked.filter((url) => !/\/build\/|\/keys\.asc$/.test(url));
      expect(first.length).toBeGreaterThanOrEqual(2);
      let bytes = 0;
      for (const url of first) bytes += brotliCompressSync(await (await fetch(url)).arrayBuffer()).length;
      expect(bytes).toBeLessThanOrEqual(14 * 1024);
    });

    it("leaves nothing behind: not in the page, not behind the back button, not in any storage", async () => {
      const { browser, form, page } = session;
      await form.visit(line.url);
      for (const [question, answer] of Object.entries(ANSWERS)) await form.write(question, answer);
      await form.attach({ name: `${CANARY}.jpg`, contents: Buffer.from(FILE_TEXT) });
      await form.press("#send");
      await form.untilStored();

      expect(await page.content()).not.toContain(CANARY);
      expect(page.url()).toBe(`${line.url}/ru/`);
      await page.goto(`${line.url}/uk/`);
      await page.goBack();
      await form.untilSendable();
      expect(await page.$$eval("input, textarea", (fields) => fields.map(({ value }) => value).join(""))).toBe("");
      expect(await form.text(".documents")).toBe("");
      expect(await browser.defaultBrowserContext().cookies()).toEqual([]);
      const kept = await page.evaluate(async () => ({
        local: localStorage.length,
        session: sessionStorage.length,
        caches: "caches" in globalThis ? (await caches.keys()).length : 0,
        databases: (await indexedDB.databases()).length,
        state: history.state as unknown,
      }));
      expect(kept).toEqual({ local: 0, session: 0, caches: 0, databases: 0, state: null });
    });
  });
}
