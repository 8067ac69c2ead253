import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { deriveReplyAddress } from "../../src/core/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, CHROMIUM_SAFER, FIREFOX_SAFER, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { ForwardPageDriver } from "../support/forward-page.js";
import { atLength, inTurn } from "../support/length.js";
import { meddlingLine } from "../support/meddling-line.js";
import { openWithGnuPg } from "../support/open-with-gpg.js";
import type { TestPortal } from "../support/portal.js";
import { recordingLine } from "../support/recording-line.js";
import { takeSaved } from "../support/saved-file.js";

const LETTER = "Здравствуйте! Помогите, пожалуйста.";
const DOCUMENT = { name: "паспорт.jpg", contents: Buffer.from("один") };
const SAVE = "Сохранить письмо зашифрованным файлом";
/** No disk has so much. */
const TOO_MUCH = 2 ** 52;

for (const kind of (OVER_BUCKET ? [] : inTurn([...BROWSERS, FIREFOX_SAFER, CHROMIUM_SAFER], 1)).filter(isInstalled)) {
  describe(`${kind.name}: a letter that cannot be sent`, () => {
    const session = browserSession(kind);
    /** The others encrypt and save no differently. */
    const quick = BROWSERS.includes(kind);
    /** The one that has room. */
    let portal: TestPortal;

    beforeEach(async () => {
      portal = await session.startPortal();
    });

    const samePortal = async (minFree = 0) => {
      const pair = { certificate: portal.recipient.certificate.armor(), secretKey: portal.secretKey };
      return session.startPortal({ pair, config: { minFree } });
    };

    async function write(url: string): Promise<void> {
      await session.form.visit(url);
      await session.form.write("message", LETTER);
      await session.form.attach(DOCUMENT);
      await session.form.press("#send");
    }

    /** Presses what offers the file in `place`; returns the file and the number that is shown. */
    async function save(place: string): Promise<{ readonly file: Buffer; readonly code: string }> {
      const { form, page, downloads } = session;
      const offer = await poll("the offer", async () => {
        for (const button of await page.$$(`${place} button`)) {
          const seen = await button.evaluate((element) => element.checkVisibility() && element.innerText.trim());
          if (seen === SAVE) return button;
        }
        return null;
      });
      await offer.focus();
      await page.keyboard.press("Enter");
      await form.untilText("h1", "Письмо зашифровано");
      expect(await page.content()).not.toContain(LETTER);
      expect(await form.text("main")).toContain("Передайте его здесь");
      return { file: await takeSaved(downloads, "appeal.tar.gpg"), code: await form.text(".receipt-code") };
    }

    /** It is the letter, for the staff's program and for ours, and the number shown reads the answer. */
    async function expectTaken({ file, code }: Awaited<ReturnType<typeof save>>, shownBy: TestPortal): Promise<void> {
      const path = join(session.folder, "saved.gpg");
      await writeFile(path, file);
      const { record, letter, files } = await openWithGnuPg(path, portal.secretKey, session.folder);
      expect(letter).toContain(LETTER);
      expect(files.map(({ name, contents }) => [name, contents.toString()])).toEqual([["паспорт.jpg", "один"]]);
      expect(record.reply).toEqual(await deriveReplyAddress(code, await shownBy.store.mailboxes.portalSalt()));
      const forward = new ForwardPageDriver(session.page, session.folder);
      await forward.visit(portal.url);
      await forward.send("appeal.tar.gpg", file);
      expect(await forward.receipt()).toContain("Письмо у нас");
      const [opened, ...more] = await portal.open();
      expect(more).toEqual([]);
      expect(opened?.letter).toBe(letter);
      expect(opened?.record.case).toBe(record.case);
    }

    it("becomes a file where the server has no room", async () => {
      const full = await samePortal(TOO_MUCH);
      await write(full.url);
      await session.form.untilText("#client-state", "На сервере нет места");
      await expectTaken(await save("#client-state"), full);
      expect(await full.stored()).toEqual([]);
    });

    it.runIf(quick)("becomes a file where something on the way forbids uploads", async () => {
      const wall = session.stopLater(
        await meddlingLine(portal.url, (path, answer) =>
          path.startsWith("/uploads/") ? { status: 403, headers: {}, body: "Forbidden" } : answer,
        ),
      );
      await write(wall.url);
      await expectTaken(await save("#client-state"), portal);
    });

    it("becomes a file while it is being sent, where the line stays away", async () => {
      const line = await recordingLine(() => portal.url);
      await session.form.visit(line.url);
      await session.form.write("message", LETTER);
      await session.form.attach(DOCUMENT);
      await line.close();
      await session.form.press("#send");
      await session.form.untilText(".sending", "Связь прервалась");
      expect(await session.form.text(".sending")).not.toContain(SAVE);
      await expectTaken(await save(".sending"), portal);
    });

    it("does not become a file where its key has expired", async () => {
      const expired = session.stopLater(
        await meddlingLine(portal.url, (path, answer) => {
          const ours = { "tus-resumable": "1.0.0", "content-type": "text/plain" };
          return path.startsWith("/uploads") ? { status: 503, headers: ours, body: "key_expired\n" } : answer;
        }),
      );
      await write(expired.url);
      await poll("the fault", () => session.page.$("#client-state .fault"));
      expect(await session.page.$("#client-state button")).toBeNull();
      expect(await session.page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toBe(LETTER);
    });

    if (!atLength(false, quick)) return;

    // Half a minute passes before the page offers it.
    it("becomes a file while it is being sent, where the server stays busy", async () => {
      const busy = session.stopLater(
        await meddlingLine(portal.url, (path, answer) => {
          const ours = { "tus-resumable": "1.0.0", "content-type": "text/plain" };
          return path.startsWith("/uploads") ? { status: 503, headers: ours, body: "busy\n" } : answer;
        }),
      );
      await write(busy.url);
      await session.form.untilText(".sending", "Сервер сейчас занят");
      await expectTaken(await save(".sending"), portal);
    });
  });
}
