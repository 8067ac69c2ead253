import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElementHandle, Frame } from "puppeteer-core";
import { beforeEach, describe, expect, it } from "vitest";
import { loadTexts } from "../../src/locales/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS_WITHOUT_JAVASCRIPT, frameWith, isInstalled, poll, textOf } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { type SilentLine, silentLine } from "../support/silent-line.js";

const KIB = 1024;
/** As the pages say; each takes two bytes. A request has 1.8 KiB besides, the receipt 2.6 KiB. */
const MAX_CHARACTERS = 3000;
const FORM = /\/ru\/form\//;
const LETTER = "Здравствуйте! Помогите, пожалуйста. ".repeat(100).slice(0, MAX_CHARACTERS);

describe("what the pages say of networks that silence connections", () => {
  it.each([...loadTexts().values()].map((texts) => [texts.language, texts] as const))(
    "names in %s the length of a letter that gets through without JavaScript",
    (_tag, texts) => {
      for (const id of ["send-narrow", "safety-narrow-2"]) expect(texts.say(id)).toContain(String(MAX_CHARACTERS));
      expect(texts.say("safety-narrow-2")).toContain(texts.say("receipt-title"));
      expect(texts.say("send-narrow")).toContain(texts.say("footer-safety"));
    },
  );
});

for (const kind of inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 0).filter(isInstalled)) {
  describe(`${kind.name} without JavaScript, on a line whose connections go silent after 12 KiB`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let line: SilentLine;

    beforeEach(async () => {
      const config = { organisation: "Помощь заключённым", onion: `${"a".repeat(56)}.onion` };
      portal = await session.startPortal({ config });
      line = session.stopLater(await silentLine(() => portal.url, { maxBytes: 12 * KIB }));
    });

    async function write(letter: string): Promise<Frame> {
      await session.page.goto(`${line.url}/ru/`);
      const { frame } = await frameWith(session.page, FORM, "#field-message");
      await frame.$eval(
        "#field-message",
        (field, text) => {
          (field as HTMLTextAreaElement).value = text;
        },
        letter,
      );
      return frame;
    }

    async function send(frame: Frame): Promise<void> {
      await (await frame.$("#send"))?.focus();
      await session.page.keyboard.press("Enter");
    }

    it("shows the form with its styles, and sends a letter as long as the page says", async () => {
      const frame = await write(LETTER);
      expect(await textOf(frame)).toContain(`до ${MAX_CHARACTERS} знаков, без документов`);
      expect(await frame.evaluate(() => document.styleSheets.length)).toBe(1);
      expect(line.stalls()).toBe(0);
      await send(frame);
      const receipt = await frameWith(session.page, /\/submit/, ".receipt-code");
      expect(await textOf(receipt.frame)).toContain("Письмо у нас");
      expect(line.stalls()).toBe(0);
      expect((await portal.open()).map(({ record }) => record.answers)).toEqual([{ message: LETTER }]);
    });

    it("gets no document through", async () => {
      const frame = await write("Короткое письмо");
      const path = join(session.folder, "паспорт.jpg");
      await writeFile(path, Buffer.alloc(30 * KIB, 1));
      const field = (await frame.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
      await field?.uploadFile(path);
      await send(frame);
      await poll("the connection to go silent", async () => (line.stalls() > 0 ? true : null));
      expect(await portal.stored()).toEqual([]);
    });

    it.each(["safety", "about", "keys", "replies/plain", "encrypted", "form/alone"])(
      "shows /ru/%s whole",
      async (path) => {
        await session.page.goto(`${line.url}/ru/${path}`);
        await poll("the end of the page", () => session.page.$("footer"));
        expect(line.stalls()).toBe(0);
      },
    );
  });
}
