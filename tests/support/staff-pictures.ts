import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import {
  createReceiptCode,
  createReply,
  deriveReplyAddress,
  replyFileName,
  writeAcknowledgement,
} from "../../src/core/index.js";
import { createKeyPair } from "../../src/desk/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { type BrowserUnderTest, poll } from "./browsers.js";
import { recipientOf } from "./keys.js";
import { encryptedSubmission } from "./message.js";
import { startTestPickup } from "./pickup.js";
import { signIn } from "./pickup-page.js";
import { contentsOf, putStaffCases, STAFF_CASES, type StaffLanguage } from "./staff-cases.js";
import { startWorkbench } from "./workbench.js";

const WIDTH = 880;
/** The pages tell how long ago a letter came. */
const NOW = Date.parse("2026-11-25T09:00:00Z");

/** Takes a picture of so many pixels from an element on, or from the page's beginning. */
type Shoot = (name: string, height: number, from?: string) => Promise<void>;

/**
 * The pictures of docs/STAFF.md and docs/STAFF.uk.md in `out`, `NAME-en.webp` and `NAME-uk.webp`: made-up cases only.
 */
export async function takeStaffPictures(kind: BrowserUnderTest, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  for (const language of ["en", "uk"] as const) {
    const folder = await mkdtemp(join(tmpdir(), "postern-staff-pictures-"));
    const browser = await kind.launch(join(folder));
    const shooting =
      (page: Page): Shoot =>
      async (name, height, from = "html") => {
        // What is far from the window is not drawn.
        await page.$$eval(".letter", (all) => {
          for (const each of all) (each as HTMLElement).style.contentVisibility = "visible";
        });
        const top = await page.$eval(from, (element) => element.getBoundingClientRect().top + scrollY);
        const clip = { x: 0, y: Math.max(0, top - 8), width: WIDTH, height };
        const path = join(out, `${name}-${language}.webp`) as `${string}.webp`;
        await page.screenshot({ path, type: "webp", quality: 60, clip });
      };
    const newPage = async () => {
      const page = await kind.newPage(browser);
      await page.setViewport({ width: WIDTH, height: 900 });
      await page.evaluateOnNewDocument(STAND_STILL);
      return page;
    };
    try {
      await shootPickup(await newPage(), folder, language, shooting);
      await shootDesk(await newPage(), folder, language, shooting);
      await shootWorkbench(await newPage(), folder, language, shooting);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Runs in the page, before its scripts: the time is the same in each run, and there is no network. */
const STAND_STILL = `
  const Original = Date;
  globalThis.Date = new Proxy(Original, {
    construct: (target, values) => (values.length === 0 ? new Original(${NOW}) : Reflect.construct(target, values)),
    get: (target, name) => (name === "now" ? () => ${NOW} : Reflect.get(target, name)),
  });
  Object.defineProperty(navigator, "onLine", { get: () => false });
`;

type Shooting = (page: Page) => Shoot;

async function choose(page: Page, field: string, ...paths: string[]): Promise<void> {
  await ((await poll(field, () => page.$(field))) as ElementHandle<HTMLInputElement>).uploadFile(...paths);
}

/** The two daily tasks. Leaves the download and `key.asc` in `folder`. */
async function shootPickup(page: Page, folder: string, language: StaffLanguage, shooting: Shooting): Promise<void> {
  const pickup = await startTestPickup();
  try {
    const pair = await createKeyPair({ profile: "gnupg", userId: { name: "Appeals" }, passphrase: "", lifetime: 1e8 });
    await writeFile(join(folder, "key.asc"), pair.secretKey);
    const recipient = await recipientOf(pair);
    const outbox = join(folder, "outbox");
    await mkdir(outbox);
    const opened: { id: string; sha256: string }[] = [];
    for (const one of STAFF_CASES[language]) {
      const message = await encryptedSubmission([recipient], contentsOf(one, language));
      const { id } = await pickup.put(message);
      opened.push({ id, sha256: createHash("sha256").update(message).digest("hex") });
      const { mailbox, key } = await deriveReplyAddress(createReceiptCode(), await pickup.store.mailboxes.portalSalt());
      const reply = await encryptReply(createReply({ text: "x", documents: [] }).stream, key);
      await writeFile(join(outbox, replyFileName(mailbox, 1)), new Uint8Array(await new Response(reply).arrayBuffer()));
    }
    await writeFile(join(outbox, "acknowledgement.json"), writeAcknowledgement(opened));
    await signIn(page, pickup, language, "olha");
    const shoot = shooting(page);
    await shoot("pickup", 720);
    await page.click(`form[action="/${language}/collect"] button`);
    await poll("the download", async () => ((await tarIn(folder)) === undefined ? null : true));
    await choose(page, "#outbox", outbox);
    await page.click(`form[action="/${language}/outbox"] button`);
    await poll("what came of it", () => page.$("main > p[role=status]"));
    await shoot("outbox", 320);
  } finally {
    await page.close();
    await pickup.stop();
  }
}

const tarIn = async (folder: string) => (await readdir(folder)).find((name) => /^submissions-.*\.tar$/.test(name));

/** desk.html with a key and the tar that the pickup pages gave. */
async function shootDesk(page: Page, folder: string, language: StaffLanguage, shooting: Shooting): Promise<void> {
  const shoot = shooting(page);
  await page.goto(new URL("../../dist/desk.html", import.meta.url).href);
  await page.click(`button[lang=${language}]`).catch(() => undefined);
  await choose(page, "#keys", join(folder, "key.asc"));
  await page.click("#unlock");
  await poll("the key", () => page.$("#unlocked"));
  await shoot("desk", 870);
  await choose(page, "#files", join(folder, (await tarIn(folder)) ?? ""));
  await poll("all cases", async () =>
    (await page.$$(".case-row")).length === STAFF_CASES[language].length ? true : null,
  );
  await shoot("desk-cases", 620, "#outcome");
  await page.close();
}

async function shootWorkbench(page: Page, folder: string, language: StaffLanguage, shooting: Shooting): Promise<void> {
  const cases = join(folder, "cases");
  await mkdir(cases);
  await putStaffCases(cases, language);
  const workbench = await startWorkbench(cases, undefined, { outbox: "outbox", staff: async () => null });
  try {
    const shoot = shooting(page);
    await page.goto(workbench.newAddress());
    await poll("the list", () => page.$("#who"));
    await page.click(`button[lang=${language}]`).catch(() => undefined);
    await page.type("#who", language === "en" ? "Anna" : "Анна");
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await shoot("workbench", 1200, ".staff-bar");
    // One with a tag and a note.
    const row = ".case-row:nth-child(4)";
    await page.click(`${row} summary`);
    await poll("the fields", () => page.$(`${row} .work-note`));
    await shoot("case", 1250, row);
    await page.click("#people");
    await poll("a person", () => page.$(".person"));
    await page.click(".person > summary");
    await shoot("person", 620, "#people");
    await page.click("#people");
    for (const box of (await page.$$(".case-row input[type=checkbox]")).slice(1, 3)) await box.click();
    await page.click("#answer > summary");
    await poll("the template", () => page.$("#answer-template option[value=lawyer]"));
    await page.select("#answer-template", "lawyer");
    await page.click("#answer-preview");
    await poll("the texts", async () => ((await page.$$(".answers article")).length === 2 ? true : null));
    await shoot("answer", 640, "#answer");
  } finally {
    await page.close();
    workbench.stop();
  }
}
