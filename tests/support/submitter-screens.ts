import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ElementHandle, Page } from "puppeteer-core";
import { createReceiptCode, createReply, deriveReplyAddress } from "../../src/core/index.js";
import { loadTexts, type Texts } from "../../src/locales/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { poll, press, pressWords } from "./browsers.js";
import { FormPageDriver } from "./form-page.js";
import { PRISONERS } from "./forms.js";
import { ForwardPageDriver } from "./forward-page.js";
import { keyPaths } from "./key-paths.js";
import type { Line } from "./line.js";
import { pictureVector } from "./pictures.js";
import { startTestPortal, type TestPortal } from "./portal.js";
import { recordingLine } from "./recording-line.js";
import { takeSaved } from "./saved-file.js";
import { slowLine } from "./slow-line.js";
import { tamperingLine } from "./tampering-line.js";

/** Pages that are the same with and without JavaScript, or hold nothing that it changes. */
const FIXED_PAGES = ["safety", "about", "keys", "404.html", "nothing"];
const ANSWER = "Здравствуйте!\n\nМы получили ваше письмо. Пришлите, пожалуйста, копию приговора.";
const LETTER = "Здравствуйте! Моего брата забрали из дома в мае. Помогите, пожалуйста.";
const LONG_NAME = `${"справка".repeat(15)}.pdf`;
/** No disk has so much. */
const TOO_MUCH = 2 ** 52;

/** Portals and lines that together show every state. */
export interface ScreenPortals {
  readonly usual: TestPortal;
  readonly full: TestPortal;
  readonly own: TestPortal;
  readonly broken: Line;
  readonly slow: Line;
  /** Of receipt codes: one with nothing, one with a notice of opening, one with an answer. */
  readonly codes: { readonly none: string; readonly opened: string; readonly answered: string };
  readonly stop: () => Promise<void>;
}

export async function startScreenPortals(): Promise<ScreenPortals> {
  const config = { onion: `${"a".repeat(56)}.onion`, maxSubmission: 20_000_000, draftDays: 14, answerDays: 7 };
  const usual = await startTestPortal({ config });
  const full = await startTestPortal({ config: { minFree: TOO_MUCH } });
  const own = await startTestPortal({ form: PRISONERS });
  const keys = await keyPaths(usual.url);
  const broken = await tamperingLine(usual.url, (path) => (keys.has(path) ? { status: 500, body: "" } : null));
  const slow = await slowLine(usual.url, 400_000);
  const [none, opened, answered] = [createReceiptCode(), createReceiptCode(), createReceiptCode()];
  await put(usual, opened, { text: "opened 2026-05-17\n", opened: "2026-05-17" });
  await put(usual, answered, { text: ANSWER });
  return {
    usual,
    full,
    own,
    broken,
    slow,
    codes: { none, opened, answered },
    stop: async () => {
      await slow.close();
      await broken.close();
      for (const portal of [own, full, usual]) await portal.stop();
    },
  };
}

async function put({ store }: TestPortal, code: string, contents: { readonly text: string; readonly opened?: string }) {
  const { mailbox, key } = await deriveReplyAddress(code, await store.mailboxes.portalSalt());
  const content = new Blob([new Uint8Array(40_000)]);
  const document = { name: "доверенность.pdf", type: "", size: content.size, open: () => content.stream() };
  const documents = contents.opened === undefined ? [document] : [];
  await store.mailboxes.putReply(mailbox, await encryptReply(createReply({ ...contents, documents }).stream, key));
}

export interface ScreenParts {
  readonly page: Page;
  readonly language: string;
  /** Where files to attach are made, and where the browser saves. */
  readonly folder: string;
  readonly downloads: string;
  readonly portals: ScreenPortals;
  readonly shoot: (name: string) => Promise<unknown>;
}

function textsOf(language: string): Texts {
  const texts = loadTexts().get(language);
  if (texts === undefined) throw new Error(`there are no texts in ${language}`);
  return texts;
}

const openAll = (page: Page) =>
  page.evaluate(() => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });

type ShowStates = (parts: ScreenParts, form: FormPageDriver) => Promise<void>;

/** Every state of a submitter's pages with JavaScript, by what it is about. */
export const STATES: Readonly<Record<string, ShowStates>> = {
  pages: showPages,
  form: showForm,
  documents: showDocuments,
  drafts: showDrafts,
  sending: showSending,
  "lost line": showLostLine,
  receipts: showReceipts,
  replies: showMailbox,
  encrypted: showForward,
  "own form": showOwnForm,
  offline: showOffline,
};

export async function showStates(parts: ScreenParts): Promise<void> {
  const form = new FormPageDriver(parts.page, parts.folder);
  for (const show of Object.values(STATES)) await show(parts, form);
}

async function showPages({ page, language, portals, shoot }: ScreenParts): Promise<void> {
  for (const path of [...FIXED_PAGES, "form/alone", "replies", "replies/plain", "encrypted"]) {
    await page.goto(`${portals.usual.url}/${language}/${path}`);
    await shoot(path.replace("/", "-"));
  }
}

async function showForm({ page, language, portals, shoot }: ScreenParts, form: FormPageDriver): Promise<void> {
  await form.visit(portals.usual.url, language);
  await shoot("form");
  await page.evaluate(() => scrollTo(0, 230));
  await shoot("form-scrolled.window");
  await openAll(page);
  await shoot("form-open");
  await form.write("receipt-code", "+7 903 123-45-67");
  await form.press("#send");
  await shoot("form-code-fault");
  await form.visit(portals.usual.url, language);
  await form.press("#send");
  await shoot("form-fault");
  await page.goto(`${portals.broken.url}/${language}/`);
  await page.waitForSelector("#client-state .fault");
  await shoot("form-unready");
}

async function showDocuments({ page, language, portals, shoot }: ScreenParts, form: FormPageDriver): Promise<void> {
  await form.visit(portals.usual.url, language);
  const phone = { name: "IMG_20240503_141211.jpg", contents: pictureVector("phone.jpg") };
  const cut = { name: "обрыв.jpg", contents: pictureVector("phone.jpg").subarray(0, 4_000) };
  const twin = { name: "копия.jpg", contents: phone.contents };
  await form.attach({ name: LONG_NAME, contents: Buffer.alloc(2_300_000, 7) }, phone, cut, twin, {
    name: "пустой.txt",
    contents: Buffer.alloc(0),
  });
  await page.waitForSelector(".pictures:not([hidden])");
  await poll("the double", () => page.$(".documents li:nth-child(4) .fault"));
  await shoot("form-documents");
  await page.focus("#pictures");
  await page.keyboard.press(" ");
  await form.press(".documents li:nth-child(4) button");
  await form.press("#send");
  await shoot("form-documents-impossible");
  await form.visit(portals.usual.url, language);
  await form.attach(
    ...Array.from({ length: 30 }, (_none, index) => ({ name: `${index}.txt`, contents: Buffer.from(`${index}`) })),
  );
  await page.waitForSelector(".field [aria-expanded=false]");
  await shoot("form-documents-many");
}

async function showDrafts(parts: ScreenParts, form: FormPageDriver): Promise<void> {
  const { page, language, portals, shoot, downloads, folder } = parts;
  const texts = textsOf(language);
  const stop = async (where: string, name: string) => {
    await form.visit(portals.usual.url, language);
    await form.write("message", LETTER);
    await form.attach({ name: "паспорт.jpg", contents: Buffer.from("один") });
    await page.waitForSelector(".documents li");
    await pressWords(page, texts.say("draft-stop"));
    await page.waitForSelector(".drafts h2");
    await shoot("draft-stop");
    await pressWords(page, texts.say(where));
    await page.waitForSelector(".receipt-code");
    await shoot(name);
    return form.text(".receipt-code");
  };
  const code = await stop("draft-in-file", "draft-kept-file");
  const path = join(folder, "draft-again.gpg");
  await writeFile(path, await takeSaved(downloads, "draft.gpg"));
  await form.visit(portals.usual.url, language);
  await pressWords(page, texts.say("draft-resume"));
  await page.waitForSelector("#field-draft-code");
  await shoot("draft-resume");
  await page.type("#field-draft-code", code);
  await ((await page.$("#field-draft-file")) as ElementHandle<HTMLInputElement>).uploadFile(path);
  await form.untilText(".drafts", texts.say("draft-opened"));
  await shoot("draft-opened-file");
  const other = await stop("draft-on-site", "draft-kept-site");
  await form.visit(portals.usual.url, language);
  await form.write("message", "…");
  await pressWords(page, texts.say("draft-resume"));
  await page.waitForSelector("#field-draft-code");
  await page.type("#field-draft-code", "5720 0000 0000 0000 0009");
  await pressWords(page, texts.say("draft-open-site"));
  await form.untilText(".drafts", texts.say("draft-fault-none"));
  await shoot("draft-fault");
  await page.$eval("#field-draft-code", (field) => {
    (field as HTMLInputElement).value = "";
  });
  await page.type("#field-draft-code", other);
  await pressWords(page, texts.say("draft-open-site"));
  await form.untilText(".drafts", texts.say("draft-opened"));
  await shoot("draft-opened-site");
}

async function showSending({ page, language, portals, shoot }: ScreenParts, form: FormPageDriver): Promise<void> {
  const texts = textsOf(language);
  const big = { name: "приговор.pdf", contents: Buffer.alloc(3_800_000, 7) };
  await form.visit(portals.slow.url, language);
  await form.write("message", LETTER);
  await form.attach(big);
  await form.press("#send");
  await page.waitForFunction(() => (document.querySelector("progress")?.value ?? 0) > 1_000_000);
  await shoot("sending");
  await pressWords(page, texts.say("client-pause"));
  await form.untilText(".sending", texts.say("client-phase-paused"));
  await shoot("sending-paused");
  await pressWords(page, texts.say("client-cancel"));
  await page.waitForSelector("progress", { hidden: true });
  await shoot("cancelled");
}

async function showLostLine(parts: ScreenParts, form: FormPageDriver): Promise<void> {
  const { page, language, portals, shoot, downloads } = parts;
  const texts = textsOf(language);
  const line = await recordingLine(() => portals.usual.url);
  await form.visit(line.url, language);
  await form.write("message", LETTER);
  await line.close();
  await form.press("#send");
  await form.untilText(".sending", texts.say("client-save"));
  await shoot("sending-lost");
  await pressWords(page, texts.say("client-save"));
  await page.waitForSelector(".receipt-code");
  await takeSaved(downloads, "appeal.tar.gpg");
  await openAll(page);
  await shoot("letter-saved");
}

async function showReceipts({ page, language, portals, shoot }: ScreenParts, form: FormPageDriver): Promise<void> {
  const texts = textsOf(language);
  await form.visit(portals.full.url, language);
  await form.write("message", LETTER);
  await form.press("#send");
  await form.untilText("#client-state", texts.say("client-save"));
  await shoot("no-space");
  await form.visit(portals.usual.url, language);
  await form.write("message", LETTER);
  await form.attach({ name: "паспорт отца.jpg", contents: Buffer.from("один") });
  await form.press("#send");
  await page.waitForSelector(".receipt-code");
  await shoot("receipt");
  await openAll(page);
  await pressWords(page, texts.say("receipt-code-copy"));
  await shoot("receipt-open");
}

async function showMailbox(parts: ScreenParts, form: FormPageDriver): Promise<void> {
  const { page, language, portals, shoot } = parts;
  const texts = textsOf(language);
  const ask = async (code: string) => {
    await page.goto(`${portals.usual.url}/${language}/replies`);
    await page.waitForSelector("#read:not(:disabled)");
    await page.type("#field-mailbox-code", code);
    await page.keyboard.press("Enter");
  };
  await ask("1234");
  await page.waitForSelector("#mailbox-state .fault");
  await shoot("replies-fault");
  for (const [name, code] of Object.entries(portals.codes)) {
    await ask(code);
    await page.waitForSelector("#replies > button");
    await shoot(`replies-${name}`);
  }
  await pressWords(page, texts.say("replies-more-title"));
  await page.waitForSelector("#follow-up:not([hidden]) #send:not(:disabled)");
  await shoot("replies-more");
  await form.write("message", LETTER);
  await form.press("#send");
  await form.untilText("h1", texts.say("receipt-title"));
  await shoot("receipt-follow-up");
  const late = await tamperingLine(portals.usual.url, (path) =>
    path.startsWith("/build/") && !path.includes("main") ? new Promise(() => {}) : null,
  );
  await page.goto(`${late.url}/${language}/replies`, { waitUntil: "domcontentloaded" });
  await shoot("replies-preparing");
  await page.goto(`${late.url}/${language}/`, { waitUntil: "domcontentloaded" });
  await shoot("form-preparing");
  await page.goto("about:blank");
  await late.close();
}

async function showForward({ page, language, portals, folder, shoot }: ScreenParts): Promise<void> {
  const forward = new ForwardPageDriver(page, folder);
  await forward.visit(portals.usual.url, language);
  await shoot("encrypted-ready");
  await forward.send("letter.txt", "no secret");
  await forward.refusal();
  await shoot("encrypted-fault");
}

async function showOwnForm({ page, language, portals, shoot }: ScreenParts, form: FormPageDriver): Promise<void> {
  await page.goto(`${portals.own.url}/${language}/form/alone`);
  await openAll(page);
  await shoot("own-form-plain");
  await form.visit(portals.own.url, language);
  await openAll(page);
  await page.focus("#field-relation\\.3");
  await page.keyboard.press(" ");
  await form.press("#send");
  await shoot("own-form-fault");
}

async function showOffline(parts: ScreenParts, form: FormPageDriver): Promise<void> {
  const { page, language, portals, folder, downloads, shoot } = parts;
  const path = join(folder, `${language}.html`);
  await writeFile(path, await (await fetch(`${portals.usual.url}/offline/${language}.html`)).text());
  await page.goto(pathToFileURL(path).href);
  await form.untilSendable();
  await shoot("offline");
  await form.write("message", LETTER);
  await form.press("#send");
  await page.waitForSelector("a[download]");
  await takeSaved(downloads, "appeal.tar.gpg");
  await shoot("offline-saved");
}

/** Every state of a submitter's pages without JavaScript. */
export async function showPlainStates({ page, language, portals, shoot }: ScreenParts): Promise<void> {
  const { url } = portals.usual;
  const visit = async (path: string, selector: string) => {
    await page.goto(`${url}/${language}/${path}`).catch(() => undefined);
    await poll(selector, () => page.$(selector));
  };
  for (const path of FIXED_PAGES) {
    await visit(path, "main");
    await shoot(path);
  }
  await page.goto(`${url}/${language}/`);
  await poll("the frames", async () => (page.frames().length >= 4 ? true : null));
  await shoot("frames.window");
  await visit("form/alone", "#send");
  await shoot("form-alone");
  await press(page, "#send");
  await poll("the refusal", () => page.$("[role=alert]"));
  await shoot("refused");
  await visit("form/alone", "#send");
  await page.focus("#field-message");
  await page.keyboard.type(LETTER);
  await press(page, "#send");
  await poll("the receipt", () => page.$(".receipt-code"));
  await shoot("receipt");
  await visit("replies/plain", "#field-receipt-code");
  await shoot("replies");
  for (const [name, code] of [["fault", "1234"], ...Object.entries(portals.codes)] as const) {
    await visit("replies/plain", "#field-receipt-code");
    await page.type("#field-receipt-code", code);
    await page.keyboard.press("Enter");
    await poll("the mailbox", () => page.$(name === "fault" ? ".field .fault" : "form.actions"));
    await shoot(`replies-${name}`);
  }
  await press(page, "main > form.actions:last-of-type button");
  await poll("the form for more", () => page.$("#send"));
  await shoot("replies-more");
  await visit("encrypted", "#send");
  await shoot("encrypted");
  await press(page, "#send");
  await poll("the refusal", () => page.$("[role=alert]"));
  await shoot("encrypted-fault");
  await page.goto(`${portals.own.url}/${language}/form/alone`);
  await press(page, "#send");
  await poll("the refusal", () => page.$("[role=alert]"));
  await shoot("own-form-refused");
}
