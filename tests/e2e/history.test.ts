import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { createReceiptCode } from "../../src/core/index.js";
import { browserSession } from "../support/browser-session.js";
import {
  BROWSERS,
  BROWSERS_WITHOUT_JAVASCRIPT,
  type BrowserUnderTest,
  isInstalled,
  poll,
  press,
} from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { sendInFrames } from "../support/frames-form.js";
import { inTurn } from "../support/length.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import { startTestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

/** No compression cuts it in pieces: nothing like it stands anywhere before. */
const LETTER = "Qx7ZkrVw9TzLmB4e";
const RECEIPT_CODE = /\d{4,5}[ \u00a0-]\d{4,5}[ \u00a0-]\d{4,5}[ \u00a0-]\d{4,5}/;

/** What a page shows and what stands in its fields, in all of its frames. */
async function everything(page: Page): Promise<string> {
  const texts = page.frames().map((frame) =>
    frame
      .evaluate(() =>
        [
          document.body.innerText,
          ...[...document.querySelectorAll("textarea, input")].map((field) => (field as HTMLInputElement).value),
        ].join("\n"),
      )
      // A frame that went away, or a page of the browser's own.
      .catch(() => ""),
  );
  return (await Promise.all(texts)).join("\n");
}

const addresses = (page: Page) =>
  page
    .frames()
    .map((frame) => frame.url())
    .join(" ");

/** Presses a button of the browser, and waits until the page or a frame of it is another one. */
async function move(page: Page, way: "goBack" | "goForward"): Promise<void> {
  const before = addresses(page);
  // What moves in a frame, or ends in a page of the browser's own, is no navigation for the driver.
  page[way]({ timeout: 30_000 }).catch(() => undefined);
  await poll(`${way} from ${before}`, async () => (addresses(page) === before ? null : true));
  await poll("the page to have come", async () => {
    // A page of the browser's own, which says that an answer is not kept, is never complete.
    const ours = page.frames().filter((frame) => frame.url().startsWith("http"));
    const states = ours.map((frame) => frame.evaluate(() => document.readyState));
    return (await Promise.all(states)).every((state) => state === "complete") ? true : null;
  });
}

async function expectNothing(page: Page): Promise<void> {
  const shown = await everything(page);
  expect(shown).not.toContain(LETTER);
  expect(shown).not.toMatch(RECEIPT_CODE);
}

async function sendAlone(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ru/form/alone`);
  await page.focus("#field-message");
  await page.keyboard.type(LETTER);
  await press(page, "#send");
  await poll("the receipt", async () =>
    (await everything(page)).includes("Оно зашифровано и сохранено") ? true : null,
  );
}

async function sendWithClient(page: Page, url: string): Promise<void> {
  const form = new FormPageDriver(page, "");
  await form.visit(url);
  await form.write("message", LETTER);
  await form.press("#send");
  await form.untilStored();
}

const WITHOUT: readonly (readonly [string, (page: Page, url: string) => Promise<unknown>])[] = [
  ["from the form by itself", sendAlone],
  ["from the form in its frames", (page, url) => sendInFrames(page, url, LETTER)],
];

for (const kind of inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 0).filter(isInstalled)) {
  describe(`after a letter, ${kind.name} without JavaScript`, () => {
    const session = browserSession(kind);

    it.each(WITHOUT)("shows neither letter nor code by Back or Forward: %s", async (_name, send) => {
      const { page } = session;
      const { url } = await session.startPortal();
      await page.goto(`${url}/ru/about`);
      await send(page, url);
      expect(await everything(page)).toMatch(RECEIPT_CODE);
      await move(page, "goBack");
      await expectNothing(page);
      await move(page, "goForward");
      await expectNothing(page);
      await page.goto(`${url}/ru/safety`);
      await move(page, "goBack");
      await expectNothing(page);
    });

    it("shows no code that was typed to read replies", async () => {
      const { page } = session;
      const { url } = await session.startPortal();
      await page.goto(`${url}/ru/replies/plain`);
      const code = createReceiptCode();
      await page.type("input[type=text]", code);
      await page.keyboard.press("Enter");
      await poll("the answer", async () => (page.url().endsWith("/ru/replies") ? page.$("form.actions") : null));
      await move(page, "goBack");
      expect(page.url()).toContain("/replies/plain");
      expect(await everything(page)).not.toContain(code);
    });
  });
}

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`after a letter, ${kind.name}`, () => {
    const session = browserSession(kind);

    it("shows neither letter nor code by Back, Forward or reload", async () => {
      const { page } = session;
      const { url } = await session.startPortal();
      await page.goto(`${url}/ru/about`);
      await sendWithClient(page, url);
      expect(await everything(page)).toMatch(RECEIPT_CODE);
      await page.goto(`${url}/ru/safety`);
      await move(page, "goBack");
      await poll("the form anew", () => page.$("#send:not(:disabled)"));
      await expectNothing(page);
      await move(page, "goBack");
      await expectNothing(page);
      await move(page, "goForward");
      await expectNothing(page);
      await page.reload();
      await expectNothing(page);
    });
  });
}

/** Whether a file of the profile holds these bytes, or `text` as bytes of UTF-8 or of UTF-16. */
async function holds(profile: string, text: string | Buffer): Promise<boolean> {
  const needles = typeof text === "string" ? [Buffer.from(text), Buffer.from(text, "utf16le")] : [text];
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const contents = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => contents.includes(needle))) return true;
  }
  return false;
}

const HALF_WRITTEN: readonly (readonly [string, BrowserUnderTest, string])[] = [
  ...inTurn(BROWSERS, 1).map((kind) => [`${kind.name}`, kind, "/ru/"] as const),
  ...inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 0).map(
    (kind) => [`${kind.name} without JavaScript`, kind, "/ru/form/alone"] as const,
  ),
];

describe("a letter that is half written", () => {
  it.each(HALF_WRITTEN.filter(([, kind]) => isInstalled(kind)))(
    "is not in what %s keeps to reopen its tabs",
    async (_name, kind, path) => {
      const portal = await startTestPortal({});
      const profile = await mkdtemp(join(tmpdir(), "postern-profile-"));
      try {
        const browser = await kind.launch(undefined, profile);
        const page = await kind.newPage(browser);
        // This one is kept: what is looked for would be found.
        const control = `${LETTER.toLowerCase()}1`;
        await page.goto(`${portal.url}/ru/about?${control}`);
        await page.goto(`${portal.url}${path}`);
        await page.focus("#field-message");
        await page.keyboard.type(LETTER);
        await poll("the session file", async () => ((await holds(profile, control)) ? true : null));
        // One change more, so that it is written once more.
        await page.keyboard.type("!");
        await browser.close();
        expect(await holds(profile, control)).toBe(true);
        expect(await holds(profile, LETTER)).toBe(false);
      } finally {
        await portal.stop();
        await removeFolder(profile);
      }
    },
  );
});

describe("a letter with pictures that is left in a hurry", () => {
  it.each(
    inTurn(BROWSERS, 1)
      .filter(isInstalled)
      .map((kind) => [kind.name, kind] as const),
  )(
    "leaves nothing of them in the profile of %s: neither pictures nor what they tell, nor their names",
    async (_name, kind) => {
      const portal = await startTestPortal({});
      const profile = await mkdtemp(join(tmpdir(), "postern-profile-"));
      const folder = await mkdtemp(join(tmpdir(), "postern-pictures-"));
      try {
        const browser = await kind.launch(undefined, profile);
        const page = await kind.newPage(browser);
        const control = `${LETTER.toLowerCase()}2`;
        await page.goto(`${portal.url}/ru/about?${control}`);
        const form = new FormPageDriver(page, folder);
        await form.visit(portal.url);
        await form.write("message", LETTER);
        const names = ["kanareyka1.jpg", "kanareyka2.png", "kanareyka3.webp"];
        const files = ["phone.jpg", "screenshot.png", "phone.webp"].map((file) => pictureVector(file));
        await form.attach(...names.map((name, index) => ({ name, contents: files[index] ?? Buffer.alloc(0) })));
        await poll("the small pictures", async () => ((await page.$$(".documents canvas")).length === 3 ? true : null));
        await form.untilText(".documents", "55.75120");
        await page.focus("#pictures");
        await page.keyboard.press(" ");
        await form.press(".documents li:nth-child(2) button");
        await poll("the session file", async () => ((await holds(profile, control)) ? true : null));
        await page.evaluate(() => document.querySelector<HTMLElement>(".exit")?.click());
        await poll("the page to be empty", async () => ((await everything(page)).includes("55.75120") ? null : true));
        await browser.close();
        expect(await holds(profile, control)).toBe(true);
        for (const told of [LETTER, PICTURES.canary, "55.75120", "SM-A515F", "kanareyka"]) {
          expect([told, await holds(profile, told)]).toEqual([told, false]);
        }
        // Coded pixels, which no two pictures have in common.
        for (const file of files) expect(await holds(profile, file.subarray(-200, -150))).toBe(false);
      } finally {
        await portal.stop();
        await removeFolder(profile);
        await removeFolder(folder);
      }
    },
  );
});
