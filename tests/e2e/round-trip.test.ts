import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import {
  BROWSERS,
  BROWSERS_WITHOUT_JAVASCRIPT,
  type BrowserUnderTest,
  isInstalled,
  OVER_BUCKET,
  poll,
  press,
} from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { sendInFrames } from "../support/frames-form.js";
import { atLength, inTurn } from "../support/length.js";
import { Operator } from "../support/operator.js";
import { type RecordingLine, recordingLine } from "../support/recording-line.js";
import { traces } from "../support/traces.js";

const LETTER = "Здравствуйте! Помогите, пожалуйста.";
const MORE = "Вот приговор, о котором вы спрашивали.";
const ANSWER = "Здравствуйте!\nМы нашли адвоката. <b>Пришлите приговор.</b>\n";

/** What a person does, told apart only by whether the browser runs scripts. */
interface Person {
  /** Writes the letter, sends it, and returns the number as it is shown. */
  readonly write: (page: Page, url: string, folder: string) => Promise<string>;
  readonly readReplies: (page: Page, url: string, code: string) => Promise<string>;
  readonly saveAttachment: (page: Page) => Promise<void>;
  /** From the replies: sends a few words and a document; returns the receipt. */
  readonly followUp: (page: Page, folder: string, document: string) => Promise<string>;
  /** Deletes the first reply and returns what is shown then. */
  readonly remove: (page: Page) => Promise<string>;
}

const textOf = (page: Page) => page.$eval("main", (main) => (main as HTMLElement).innerText);

const WITH_JAVASCRIPT: Person = {
  write: async (page, url, folder) => {
    const form = new FormPageDriver(page, folder);
    await form.visit(url);
    await form.write("message", LETTER);
    await form.press("#send");
    await form.untilStored();
    return form.text(".receipt-code");
  },
  readReplies: async (page, url, code) => {
    await page.goto(`${url}/ru/replies`);
    await poll("the button", () => page.$("#read:not(:disabled)"));
    await page.type("#field-mailbox-code", code);
    await page.keyboard.press("Enter");
    await poll("an answer", async () => ((await page.$("#replies button")) === null ? null : true));
    return textOf(page);
  },
  saveAttachment: (page) => press(page, ".reply a[download]"),
  followUp: async (page, folder, document) => {
    await press(page, "#replies > button:last-child");
    const form = new FormPageDriver(page, folder);
    await form.untilSendable();
    await form.write("message", MORE);
    await form.attach({ name: document, contents: Buffer.from("приговор") });
    await form.press("#send");
    await form.untilStored();
    return textOf(page);
  },
  remove: async (page) => {
    await press(page, ".reply p > button");
    await poll("the answer to be gone", async () => ((await page.$(".reply")) === null ? true : null));
    return textOf(page);
  },
};

const WITHOUT_JAVASCRIPT: Person = {
  write: async (page, url) => {
    const receipt = await sendInFrames(page, url, LETTER);
    return receipt.$eval(".receipt-code", (code) => (code as HTMLElement).innerText);
  },
  readReplies: async (page, url, code) => {
    await page.goto(`${url}/ru/replies`).catch(() => undefined);
    const field = (await poll("the page without scripts", async () =>
      page.url().endsWith("/replies/plain") ? page.$("#field-receipt-code") : null,
    )) as ElementHandle;
    await field.focus();
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
    await poll("an answer", async () => (page.url().endsWith("/ru/replies") ? page.$("form.actions") : null));
    return textOf(page);
  },
  saveAttachment: (page) => press(page, 'form:has([value="save"]) button'),
  followUp: async (page, folder, document) => {
    await press(page, 'form:has([value="more"]) button');
    const input = (await poll("the form", () => page.$("input[type=file]"))) as ElementHandle<HTMLInputElement>;
    await writeFile(join(folder, document), "приговор");
    await input.uploadFile(join(folder, document));
    await page.focus("textarea[name=message]");
    await page.keyboard.type(MORE);
    await press(page, "#send");
    await poll("the receipt", async () => ((await textOf(page)).includes("Оно зашифровано и сохранено") ? true : null));
    return textOf(page);
  },
  remove: async (page) => {
    await press(page, 'form:has([value="delete"]) button');
    await poll("the answer to be gone", async () => ((await page.$(".reply")) === null ? page.$("h1") : null));
    return textOf(page);
  },
};

const CASES: readonly (readonly [string, BrowserUnderTest, Person, boolean])[] = [
  ...inTurn(BROWSERS, 0).map((kind) => [`${kind.name} with JavaScript`, kind, WITH_JAVASCRIPT, true] as const),
  ...(OVER_BUCKET ? atLength([], BROWSERS_WITHOUT_JAVASCRIPT) : inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 1)).map(
    (kind) => [`${kind.name} without JavaScript`, kind, WITHOUT_JAVASCRIPT, false] as const,
  ),
];

for (const [name, kind, person, scripts] of CASES.filter(([, kind]) => isInstalled(kind))) {
  describe(`${name}: a letter and its answer`, () => {
    const session = browserSession(kind);
    let operator: Operator;
    let line: RecordingLine;

    beforeEach(async () => {
      await mkdir(join(session.folder, "files"));
      operator = session.stopLater(new Operator(join(session.folder, "operator")));
      await operator.start();
      line = session.stopLater(await recordingLine(() => operator.url));
    });

    it("goes all the way: sent, opened, answered, read with the number, added to, and put under one case", async () => {
      const { downloads, folder, page } = session;
      const code = await person.write(page, line.url, join(folder, "files"));
      expect(code).toMatch(/^\d{4} \d{4} \d{4} \d{4} \d{4}$/);

      const first = await operator.open();
      expect(first.cases.map(({ record }) => [record.answers, record.followUp])).toEqual([
        [{ message: LETTER }, false],
      ]);
      const address = first.cases[0]?.record.reply;
      expect(await person.readReplies(page, line.url, code)).toContain("Ответа пока нет");

      await operator.reply(first.cases[0]?.folder ?? "", ANSWER, { "адвокат.txt": "телефон" });
      // As a person types it who did not look closely.
      const typed = ` ${code.replace(/ /g, "-").replace("-", "  ")}`;
      const read = await person.readReplies(page, line.url, typed);
      expect(read).toContain("Мы нашли адвоката. <b>Пришлите приговор.</b>");
      expect(read).toMatch(/Ответ от \d+ \S+ \d{4}/);
      await person.saveAttachment(page);
      await poll("the attachment", async () => {
        const saved = (await readdir(downloads)).find((file) => /адвокат\.txt$/.test(file));
        return saved !== undefined && (await readFile(join(downloads, saved), "utf8")) === "телефон" ? true : null;
      });

      const receipt = await person.followUp(page, join(folder, "files"), "приговор.jpg");
      expect(receipt).toContain("Мы добавим это к вашему прежнему письму");
      expect(await page.$(".receipt-code")).toBeNull();
      const second = await operator.open();
      const [added] = second.cases.filter(({ record }) => record.followUp);
      expect(added?.record.answers).toEqual({ message: MORE });
      expect(added?.record.reply).toEqual(address);
      expect(added?.files.map((file) => [file.name, file.contents.toString()])).toEqual([["приговор.jpg", "приговор"]]);
      expect(added?.folder.startsWith(`${first.cases[0]?.folder}/`)).toBe(true);

      if (scripts) {
        // The server has seen the mailbox's id and nothing else of all this.
        for (const secret of [code, code.replaceAll(" ", ""), address?.key ?? "", LETTER, MORE, "приговор"]) {
          for (const trace of traces(secret)) expect(line.sent().includes(trace), secret).toBe(false);
        }
        expect(line.sent().includes(`/mailbox/${address?.mailbox}`)).toBe(true);
      }
    });

    if (atLength(OVER_BUCKET, false)) return;

    it("can be deleted by who has read it", async () => {
      const { folder, page } = session;
      const code = await person.write(page, line.url, join(folder, "files"));
      const { cases } = await operator.open();
      await operator.reply(cases[0]?.folder ?? "", ANSWER, {});
      const stored = async () => {
        const mailbox = cases[0]?.record.reply?.mailbox ?? "?";
        return (await operator.stored("mailboxes")).filter((file) => file.startsWith(mailbox));
      };
      await person.readReplies(page, line.url, code);
      // The notice that the letter was opened came with it.
      expect(await stored()).toHaveLength(2);
      expect(await person.remove(page)).toContain("На сервере этого ответа больше нет");
      expect(await stored()).toHaveLength(1);
    });
  });
}
