import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { armor, enums } from "openpgp";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createReceiptCode,
  createReply,
  deriveReplyAddress,
  writeAcknowledgement,
  writeDeletionList,
} from "../../src/core/index.js";
import { writeCaseIndex } from "../../src/desk/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { sharedWithOthers, violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { makeCases } from "../support/cases.js";
import { FormPageDriver } from "../support/form-page.js";
import { PRISONERS } from "../support/forms.js";
import { ForwardPageDriver } from "../support/forward-page.js";
import { keyPaths } from "../support/key-paths.js";
import { inTurn } from "../support/length.js";
import type { Line } from "../support/line.js";
import { submissionMessage } from "../support/message.js";
import { startTestPickup, type TestPickup } from "../support/pickup.js";
import { fill, signIn } from "../support/pickup-page.js";
import { pictureVector } from "../support/pictures.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { slowLine } from "../support/slow-line.js";
import { tamperingLine } from "../support/tampering-line.js";
import { removeFolder } from "../support/temporary.js";

const LANGUAGES = ["ru", "uk", "en"] as const;
const LANGUAGES_OF_STAFF = ["uk", "en"];
const NARROW = { width: 360, height: 780 };
const WIDE = { width: 1280, height: 900 };
/** Each state is looked at in both widths and both schemes, in one language or another. */
const LOOKS: Readonly<Record<string, readonly (typeof NARROW & { readonly scheme: string })[]>> = {
  ru: [
    { ...NARROW, scheme: "light" },
    { ...WIDE, scheme: "dark" },
  ],
  uk: [{ ...NARROW, scheme: "dark" }],
  en: [{ ...WIDE, scheme: "light" }],
};
/** There is no Russian for staff. */
const LOOKS_OF_STAFF: typeof LOOKS = { uk: LOOKS.ru ?? [], en: [LOOKS.uk ?? [], LOOKS.en ?? []].flat() };
const PATHS = ["form/alone", "replies", "replies/plain", "safety", "about", "keys", "encrypted", "nothing"] as const;

const [kind] = BROWSERS.filter(({ name }) => name === "Chromium");

describe.runIf(kind !== undefined && isInstalled(kind))(
  "every page and state, for who cannot see or use a mouse",
  () => {
    let browser: Browser;
    let portal: TestPortal;
    let folder: string;
    let broken: Line;
    let slow: Line;
    let own: TestPortal;
    let pickup: TestPickup;
    let code: string;

    beforeAll(async () => {
      if (kind === undefined) return;
      browser = await kind.launch();
      folder = await mkdtemp(join(tmpdir(), "postern-axe-"));
      portal = await startTestPortal({ config: { organisation: "Шлях", onion: `${"a".repeat(56)}.onion` } });
      pickup = await startTestPickup();
      await fill(pickup);
      own = await startTestPortal({ form: PRISONERS });
      const keys = await keyPaths(portal.url);
      broken = await tamperingLine(portal.url, (path) => (keys.has(path) ? { status: 500, body: "" } : null));
      slow = await slowLine(portal.url, 400_000);
      code = createReceiptCode();
      const { mailboxes } = portal.store;
      const { mailbox, key } = await deriveReplyAddress(code, await mailboxes.portalSalt());
      const content = new Blob(["x"]);
      const documents = [{ name: "справка.pdf", type: "", size: 1, open: () => content.stream() }];
      const archive = createReply({ text: "Здравствуйте!", documents });
      await mailboxes.putReply(mailbox, await encryptReply(archive.stream, key));
    });
    afterAll(async () => {
      await browser.close();
      await slow.close();
      await broken.close();
      await pickup.stop();
      await own.stop();
      await portal.stop();
      await removeFolder(folder);
    });

    async function expectAccessible(page: Page, state: string): Promise<void> {
      const ofStaff = page.url().startsWith(pickup.url) || page.url().endsWith("/index.html");
      const looks = (ofStaff ? LOOKS_OF_STAFF : LOOKS)[await page.evaluate(() => document.documentElement.lang)] ?? [];
      expect(looks.length, state).toBeGreaterThan(0);
      for (const { width, height, scheme } of looks) {
        await page.setViewport({ width, height });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        expect(await violations(page), `${state}, ${width} px, ${scheme}`).toEqual([]);
      }
      if (!ofStaff) expect(await sharedWithOthers(page), state).toEqual([]);
    }

    async function tabOn(page: Page, selector: string): Promise<void> {
      for (let presses = 0; presses < 60; presses += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab does not lead to ${selector}`);
    }

    async function newPage(): Promise<{ page: Page; form: FormPageDriver }> {
      const page = await browser.newPage();
      return { page, form: new FormPageDriver(page, folder) };
    }

    it("is looked at by something that finds faults", async () => {
      const { page } = await newPage();
      await page.goto(`${portal.url}/ru/about`);
      await page.evaluate(() => {
        document.querySelector("main")?.append(document.createElement("img"), document.createElement("input"));
      });
      expect(await violations(page)).toEqual([expect.stringMatching(/^image-alt/), expect.stringMatching(/^label/)]);
      await page.close();
    });

    it.each(inTurn(LANGUAGES, 0))(
      "can be read enlarged four times without scrolling sideways: %s",
      async (language) => {
        const { page, form } = await newPage();
        // A window of 1280 pixels, enlarged four times.
        await page.setViewport({ width: 320, height: 256 });
        for (const path of ["", ...PATHS]) {
          await page.goto(`${portal.url}/${language}/${path}`);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(320);
        }
        await form.visit(portal.url, language);
        await form.attach({ name: `${"очень-длинное-имя-".repeat(6)}.jpg`, contents: Buffer.from("x") });
        await form.press("#send");
        await page.waitForSelector(".receipt-code");
        expect(await page.evaluate(() => document.documentElement.scrollWidth), "receipt").toBeLessThanOrEqual(320);
        await page.close();
      },
    );

    it("keeps the edges of what can be pressed where colours are forced", async () => {
      const { page, form } = await newPage();
      const session = await page.createCDPSession();
      await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });
      await form.visit(portal.url);
      const edges = await page.$$eval("button, a.exit", (all) =>
        all.map((element) => [getComputedStyle(element).borderTopWidth, getComputedStyle(element).borderTopColor]),
      );
      expect(edges.length).toBeGreaterThan(3);
      for (const [width, colour] of edges) {
        expect(Number.parseFloat(width ?? "")).toBeGreaterThan(0);
        expect(colour).not.toBe("rgba(0, 0, 0, 0)");
      }
      await page.close();
    });

    it("goes the whole way by keyboard alone", async () => {
      const { page, form } = await newPage();
      await form.visit(portal.url);
      const tabTo = (selector: string) => tabOn(page, selector);
      await tabTo("#field-message");
      await page.keyboard.type("Здравствуйте!");
      await tabTo("#more > summary");
      await page.keyboard.press("Enter");
      await tabTo("#field-contact");
      await page.keyboard.type("Signal");
      await tabTo("#send");
      await page.keyboard.press("Enter");
      await form.untilStored();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
      await tabTo('a[href="/ru/replies"]');
      await page.keyboard.press("Enter");
      await page.waitForSelector("#read:not(:disabled)");
      await tabTo("#field-mailbox-code");
      await page.keyboard.type(code);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".reply");
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H2");
      await page.close();
    });

    it.each(PATHS.flatMap((path, index) => inTurn(LANGUAGES, index).map((language) => [language, path] as const)))(
      "/%s/%s",
      async (language, path) => {
        const { page } = await newPage();
        await page.goto(`${portal.url}/${language}/${path}`);
        await expectAccessible(page, path);
        await page.close();
      },
    );

    it.each(inTurn(LANGUAGES, 1))(
      "the form, empty, with documents, and with faults; the receipt: %s",
      async (language) => {
        const { page, form } = await newPage();
        await form.visit(portal.url, language);
        await expectAccessible(page, "ready");
        await form.press("#send");
        await expectAccessible(page, "nothing written");
        await form.write("receipt-code", "1");
        await form.attach({ name: "паспорт.jpg", contents: pictureVector("phone.jpg") });
        await poll("the choice", () => page.$(".pictures:not([hidden])"));
        await form.press("#send");
        await expectAccessible(page, "mistyped");
        await page.$eval("#field-receipt-code", (field) => {
          (field as HTMLInputElement).value = "";
        });
        await form.press("#send");
        await page.waitForSelector(".receipt-code");
        await expectAccessible(page, "receipt");
        await page.close();
      },
    );

    it.each(inTurn(LANGUAGES, 2))(
      "the operator's own questions, with faults, in the browser and from the server: %s",
      async (language) => {
        const { page, form } = await newPage();
        await form.visit(own.url, language);
        await expectAccessible(page, "own questions");
        await page.focus("#field-relation\\.3");
        await page.keyboard.press(" ");
        await page.waitForSelector("#question-relation-other:not([hidden])");
        await form.write("born", "x");
        await form.press("#send");
        await expectAccessible(page, "own questions with faults");
        await page.goto(`${own.url}/${language}/form/alone`);
        await expectAccessible(page, "own questions, plain");
        await form.press("#send");
        await page.waitForSelector("[role=alert]");
        await expectAccessible(page, "own questions, refused");
        await page.close();
      },
    );

    it.each(inTurn(LANGUAGES_OF_STAFF, 0))("the staff's pages: %s", async (language) => {
      const { page } = await newPage();
      await page.goto(`${pickup.url}/${language}/sign-in`);
      await expectAccessible(page, "sign-in");
      await signIn(page, pickup, language, "maksym");
      await expectAccessible(page, "list");
      await page.goto(`${pickup.url}/${language}/?show=overdue`);
      await expectAccessible(page, "overdue");
      await page.goto(`${pickup.url}/${language}/staff`);
      await expectAccessible(page, "staff");
      await page.goto(`${pickup.url}/${language}/nothing`);
      await expectAccessible(page, "nothing");
      await page.close();
    });

    it.each(inTurn(LANGUAGES_OF_STAFF, 1))(
      "the two daily tasks of the pickup pages, by keyboard alone: %s",
      async (language) => {
        const { page } = await newPage();
        const outbox = await mkdtemp(join(folder, "outbox-"));
        const sha256 = createHash("sha256").update("letter").digest("hex");
        const { id } = await pickup.put("letter");
        await writeFile(join(outbox, "acknowledgement.json"), writeAcknowledgement([{ id, sha256 }]));
        await writeFile(join(outbox, "deletions.json"), writeDeletionList([{ id, sha256 }]));
        await writeFile(join(outbox, "notes.txt"), "x");
        await signIn(page, pickup, language, "maksym");
        await expectAccessible(page, "tasks");
        await page.setViewport({ width: 360, height: 780 });
        const widths = await page.$$eval("html, .wide", (all) =>
          all.map((each) => each.scrollWidth - each.clientWidth),
        );
        expect(widths).toEqual([0, 0]);
        await tabOn(page, `form[action="/${language}/collect"] button`);
        await tabOn(page, "#outbox");
        const field = (await page.$("#outbox")) as ElementHandle<HTMLInputElement>;
        await field.uploadFile(outbox);
        // Chromium lists a folder in its own time; people cannot press a button before it has.
        await poll("the folder's files", async () =>
          (await field.evaluate(({ files }) => files?.length)) === 3 ? true : null,
        );
        await tabOn(page, `form[action="/${language}/outbox"] button`);
        await page.keyboard.press("Enter");
        await poll("what came of it", () => page.$("#deletions"));
        expect(await page.$eval("main", (each) => each.textContent)).toContain("notes.txt");
        await expectAccessible(page, "outbox");
        await tabOn(page, `form[action="/${language}/delete"] button`);
        await page.keyboard.press("Enter");
        await poll("the question", () => page.$("input[name=confirmed]"));
        await expectAccessible(page, "deletion");
        await page.close();
      },
    );

    it.each(inTurn(LANGUAGES_OF_STAFF, 2))("the index of cases: %s", async (language) => {
      const { page } = await newPage();
      const cases = await mkdtemp(join(folder, "cases-"));
      await makeCases(cases, 30);
      await page.goto(pathToFileURL(await writeCaseIndex(cases)).href);
      await page.focus(`button[lang=${language}]`);
      await page.keyboard.press("Enter");
      await expectAccessible(page, "index");
      await page.focus("details.case summary");
      await page.keyboard.press("Enter");
      await page.focus("#charts summary");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".letter");
      await expectAccessible(page, "a case, and a chart");
      await page.close();
    });

    it.each(inTurn(LANGUAGES, 3))("the form that cannot encrypt, and one on its way: %s", async (language) => {
      const { page, form } = await newPage();
      await page.goto(`${broken.url}/${language}/`);
      await page.waitForSelector("#client-state .fault");
      await expectAccessible(page, "unready");
      await form.visit(slow.url, language);
      await form.attach({ name: "видео.mp4", contents: Buffer.alloc(6_000_000) });
      await form.press("#send");
      await page.waitForSelector("progress");
      await form.press(".sending button");
      await expectAccessible(page, "sending");
      await form.press(".sending button:nth-of-type(2)");
      await page.waitForSelector("progress", { hidden: true });
      await page.close();
    });

    it.each(inTurn(LANGUAGES, 4))(
      "a file that is encrypted already: refused, on its way, and taken: %s",
      async (language) => {
        const { page, form } = await newPage();
        const forward = new ForwardPageDriver(page, folder);
        await page.setViewport({ width: 360, height: 780 });
        const expectNarrow = async (state: string) => {
          await page.setViewport({ width: 360, height: 780 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), state).toBeLessThanOrEqual(360);
        };
        await forward.visit(slow.url, language);
        await forward.send("readable.txt", "x");
        await forward.refusal();
        await expectAccessible(page, "refused");
        await expectNarrow("refused");
        await forward.send("appeal.tar.gpg", await submissionMessage(portal.recipient, 6_000_000));
        await page.waitForSelector("progress");
        await form.press(".sending button");
        await expectAccessible(page, "sending");
        await expectNarrow("sending");
        await form.press(".sending button:nth-of-type(2)");
        await page.waitForSelector("progress", { hidden: true });
        await expectAccessible(page, "cancelled");
        await forward.send(
          "words.asc",
          `x\n\n${armor(enums.armor.message, await submissionMessage(portal.recipient, 9))}`,
        );
        await forward.receipt();
        await expectAccessible(page, "taken");
        await expectNarrow("taken");
        await page.close();
      },
    );

    it.each(inTurn(LANGUAGES, 5))("replies in the browser, and the form for more: %s", async (language) => {
      const { page } = await newPage();
      await page.goto(`${portal.url}/${language}/replies`);
      await page.waitForSelector("#read:not(:disabled)");
      await page.type("#field-mailbox-code", code);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".reply");
      await expectAccessible(page, "replies");
      await page.focus("#replies > button:last-child");
      await page.keyboard.press("Enter");
      await expectAccessible(page, "follow-up");
      await page.close();
    });

    it.each(inTurn(LANGUAGES, 6))("what the server answers: refusals, the receipt, replies: %s", async (language) => {
      const { page, form } = await newPage();
      await page.goto(`${portal.url}/${language}/form/alone`);
      await form.press("#send");
      await page.waitForSelector("[role=alert]");
      await expectAccessible(page, "refused");
      await form.write("message", "x");
      await form.press("#send");
      await page.waitForSelector(".receipt-code");
      await expectAccessible(page, "receipt");
      await page.goto(`${portal.url}/${language}/replies/plain`);
      await form.write("receipt-code", code);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".reply");
      await expectAccessible(page, "replies");
      await page.close();
    });

    it.each(inTurn(LANGUAGES, 7))("the offline form and its end: %s", async (language) => {
      const { page, form } = await newPage();
      const path = join(folder, `${language}.html`);
      await writeFile(path, await (await fetch(`${portal.url}/offline/${language}.html`)).text());
      await page.goto(pathToFileURL(path).href);
      await form.untilSendable();
      await expectAccessible(page, "offline");
      await form.write("message", "x");
      await form.press("#send");
      await page.waitForSelector("a[download]");
      await expectAccessible(page, "saved");
      await page.close();
    });
  },
);
