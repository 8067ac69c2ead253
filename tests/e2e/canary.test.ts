import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { BROWSERS, type BrowserUnderTest, isInstalled, OVER_BUCKET, poll, pressWords } from "../support/browsers.js";
import { FormPageDriver } from "../support/form-page.js";
import { inTurn } from "../support/length.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import { startTestPortal } from "../support/portal.js";
import { takeSaved } from "../support/saved-file.js";
import { removeFolder } from "../support/temporary.js";
import { traces, tracesIn } from "../support/traces.js";

/** No compression cuts them in pieces: nothing like them stands anywhere before. */
const LETTER = "Qx7ZkrVw9TzLmB4e";
const CONTACT = "Jw3NfUc8YpHsGd6a";
/** What the history keeps: the search would find it. */
const KEPT = "tv5rxq2mzk8wbn4j";
const PHOTOGRAPHS = [
  { name: "Kv2Rm9Xq7LwTz4.jpg", contents: pictureVector("phone.jpg") },
  { name: "Zp8Hs3Vn6FyJd5.heic", contents: pictureVector("phone.heic") },
];
const TOLD = [PICTURES.canary, "55.75120, 37.61840", "samsung SM-A515F"];

async function write(form: FormPageDriver): Promise<void> {
  await form.attach(...PHOTOGRAPHS);
  await form.untilText(".documents li:nth-child(1)", "55.75120");
  await form.untilText(".documents li:nth-child(2)", "55.75120");
  await poll("a small picture", () => form.page.$(".documents canvas"));
  await form.page.focus("#pictures");
  await form.page.keyboard.press(" ");
  await form.untilText(".documents li:nth-child(2)", "Уйдёт без этого");
}

async function stop(form: FormPageDriver, where: string): Promise<string> {
  await pressWords(form.page, "Остановиться и продолжить позже", ".drafts");
  await pressWords(form.page, where, ".drafts");
  await form.untilText("h1", "Черновик сохранён");
  return form.text(".receipt-code");
}

/**
 * Leaves as in a hurry, and waits until the browser has written down what came after it. That is another tab's: in
 * this one the browser may still look for the page outside, and its failure would end a second journey as well.
 */
async function leave(kind: BrowserUnderTest, page: Page, url: string, profile: string): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLElement>(".exit")?.click());
  await poll("another page", async () => ((await page.$("#form")) === null ? true : null));
  const after = await kind.newPage(page.browser());
  await after.goto(`${url}/ru/about?${KEPT}`);
  await poll("what the browser keeps", async () => ((await tracesIn(profile, [KEPT])).length > 0 ? true : null));
}

/** That the search finds each of them in each form. */
async function expectFound(secrets: readonly string[], folder: string): Promise<void> {
  for (const [number, secret] of secrets.entries()) {
    const planted = join(folder, String(number));
    await mkdir(planted, { recursive: true });
    for (const [index, form] of traces(secret).entries())
      await writeFile(join(planted, String(index)), Buffer.concat([Buffer.alloc(5_000, 7), form, Buffer.alloc(50)]));
    expect(await tracesIn(planted, [secret])).toHaveLength(traces(secret).length);
    expect(await tracesIn(planted, ["Bd5YkTn8WqRc3XvM"])).toEqual([]);
  }
}

async function expectNothingKept(kind: BrowserUnderTest): Promise<void> {
  const portal = await startTestPortal({ config: { draftDays: 14 } });
  const folder = await mkdtemp(join(tmpdir(), "postern-canary-"));
  const inside = async (name: string) => {
    await mkdir(join(folder, name));
    return join(folder, name);
  };
  const [profile, downloads, files] = [await inside("profile"), await inside("downloads"), await inside("files")];
  const saved = await inside("saved");
  const browser = await kind.launch(downloads, profile);
  try {
    const page = await kind.newPage(browser);
    const form = new FormPageDriver(page, files);
    const begin = async () => {
      await form.visit(portal.url);
      await form.write("message", LETTER);
      await form.write("contact", CONTACT);
      await write(form);
    };
    await begin();
    const inFile = await stop(form, "Сохранить в файл");
    await writeFile(join(saved, "draft.gpg"), await takeSaved(downloads, "draft.gpg"));
    await begin();
    const onSite = await stop(form, "Оставить на сайте");
    await form.visit(portal.url);
    await pressWords(page, "Продолжить начатое письмо", ".drafts");
    await poll("the field", () => page.$("#field-draft-code"));
    await page.type("#field-draft-code", onSite);
    await pressWords(page, "Найти на сайте", ".drafts");
    await form.untilText(".drafts", "Черновик открыт");
    expect(await page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toBe(LETTER);
    await write(form);
    await leave(kind, page, portal.url, profile);
    await browser.close();
    const secrets = [LETTER, CONTACT, ...PHOTOGRAPHS.map(({ name }) => name), ...TOLD].concat(
      [inFile, onSite].flatMap((code) => [code, code.replaceAll(" ", "")]),
    );
    expect(await tracesIn(profile, [KEPT])).not.toEqual([]);
    await writeFile(join(saved, "log"), portal.log.join(""));
    expect(await readdir(join(portal.folder, "drafts"))).toHaveLength(1);
    for (const place of [profile, downloads, saved, portal.folder]) expect(await tracesIn(place, secrets)).toEqual([]);
    await expectFound(secrets, await inside("planted"));
  } finally {
    await browser.close();
    await portal.stop();
    await removeFolder(folder);
  }
}

describe("a letter with pictures that is stopped, gone on with and left in a hurry", () => {
  it.each((OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled).map((kind) => [kind.name, kind] as const))(
    "leaves nothing of itself, its pictures or its numbers: %s",
    (_name, kind) => expectNothingKept(kind),
  );
});
