// Every page and state, in each language, at 360 and 1280 pixels, into screenshots/; and README.md's picture, which is
// committed. npm run screenshots
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ElementHandle, Page } from "puppeteer-core";
import { createReceiptCode, createReply, deriveReplyAddress } from "../src/core/index.js";
import { createKeyPair } from "../src/desk/index.js";
import { encryptReply } from "../src/openpgp/index.js";
import { BROWSERS } from "./support/browsers.js";
import { makeSubmissions } from "./support/cases.js";
import { FormPageDriver } from "./support/form-page.js";
import { PRISONERS } from "./support/forms.js";
import { recipientOf } from "./support/keys.js";
import { startTestPickup } from "./support/pickup.js";
import { fill, signIn } from "./support/pickup-page.js";
import { pictureVector } from "./support/pictures.js";
import { startTestPortal } from "./support/portal.js";
import { takeReadmePicture } from "./support/readme-picture.js";
import { slowLine } from "./support/slow-line.js";
import { tamperingLine } from "./support/tampering-line.js";

const OUT = fileURLToPath(new URL("../screenshots", import.meta.url));
const IMAGES = fileURLToPath(new URL("../docs/images", import.meta.url));
const PAGES = ["form/alone", "replies", "replies/plain", "safety", "about", "keys", "encrypted", "nothing"];
const ANSWER = "Здравствуйте!\n\nМы получили ваше письмо. Пришлите, пожалуйста, копию приговора.";

const [kind] = BROWSERS;
if (kind === undefined) throw new Error("there is no browser");
const folder = await mkdtemp(join(tmpdir(), "postern-screenshots-"));
const portal = await startTestPortal({ config: { onion: `${"a".repeat(56)}.onion`, maxSubmission: 20_000_000 } });
const own = await startTestPortal({ form: PRISONERS });
const pickup = await startTestPickup();
await fill(pickup);
const ordinary = await startTestPortal({ config: { maxSubmission: 2 * 1024 ** 3 } });
const broken = await tamperingLine(portal.url, (path) => (path === "/keys.asc" ? { status: 500, body: "" } : null));
const slow = await slowLine(portal.url, 400_000);
const desk = join(folder, "desk");
await mkdir(join(desk, "inbox"), { recursive: true });
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "Appeals" }, passphrase: "", lifetime: 1e6 });
await writeFile(join(desk, "key.asc"), pair.secretKey);
await makeSubmissions(join(desk, "inbox"), 12, await recipientOf(pair));
await writeFile(join(desk, "inbox", "broken.tar.gpg"), "x");
const browser = await kind.launch();
try {
  await mkdir(IMAGES, { recursive: true });
  await takeReadmePicture(browser, ordinary.url, IMAGES);
  const code = await answeredCode();
  for (const [width, height] of [
    [360, 780],
    [1280, 900],
  ] as const) {
    for (const language of ["ru", "uk", "en"]) {
      const page = await kind.newPage(browser);
      await page.setViewport({ width, height });
      const out = join(OUT, `${language}-${width}`);
      await mkdir(out, { recursive: true });
      await visit(page, language, code, (name) =>
        page.screenshot({ path: join(out, `${name}.png`) as `${string}.png`, fullPage: true }),
      );
      if (language !== "ru") {
        await visitPickup(page, language, (name) =>
          page.screenshot({ path: join(out, `${name}.png`) as `${string}.png`, fullPage: true }),
        );
        await visitDesk(page, language, (name) =>
          page.screenshot({ path: join(out, `${name}.png`) as `${string}.png`, fullPage: true }),
        );
      }
      await page.close();
      process.stderr.write(`${out}\n`);
    }
  }
} finally {
  await browser.close();
  await slow.close();
  await broken.close();
  await pickup.stop();
  await own.stop();
  await ordinary.stop();
  await portal.stop();
  await rm(folder, { recursive: true, force: true });
}

async function visitPickup(page: Page, language: string, shoot: (name: string) => Promise<unknown>) {
  await page.goto(`${pickup.url}/${language}/sign-in`);
  await shoot("pickup-sign-in");
  await signIn(page, pickup, language, "maksym");
  await page.goto(`${pickup.url}/${language}/?show=all`);
  await shoot("pickup-list");
  await page.focus("tbody input");
  await page.keyboard.press(" ");
  await page.focus(`button[formaction="/${language}/delete"]`);
  await page.keyboard.press("Enter");
  await page.waitForSelector("input[name=confirmed]");
  await shoot("pickup-delete");
  await page.goto(`${pickup.url}/${language}/staff`);
  await shoot("pickup-staff");
}

async function visitDesk(page: Page, language: string, shoot: (name: string) => Promise<unknown>) {
  const choose = async (field: string, ...paths: string[]) =>
    ((await page.$(field)) as ElementHandle<HTMLInputElement>).uploadFile(...paths);
  await page.goto(new URL("../dist/desk.html", import.meta.url).href);
  await page.click(`button[lang=${language}]`).catch(() => undefined);
  await shoot("desk");
  await choose("#keys", join(desk, "key.asc"));
  await page.click("#unlock");
  await page.waitForSelector("#unlocked");
  const names = await readdir(join(desk, "inbox"));
  await choose("#files", ...names.map((name) => join(desk, "inbox", name)));
  await page.waitForSelector("details.case");
  await page.click("details.case summary");
  await shoot("desk-cases");
}

async function answeredCode(): Promise<string> {
  const code = createReceiptCode();
  const { mailbox, key } = await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt());
  const content = new Blob([new Uint8Array(40_000)]);
  const documents = [{ name: "доверенность.pdf", type: "", size: content.size, open: () => content.stream() }];
  const archive = createReply({ text: ANSWER, documents });
  await portal.store.mailboxes.putReply(mailbox, await encryptReply(archive.stream, key));
  return code;
}

async function visit(page: Page, language: string, code: string, shoot: (name: string) => Promise<unknown>) {
  const form = new FormPageDriver(page, folder);
  const documents = [
    { name: "паспорт отца.jpg", contents: Buffer.alloc(1_500_000, 7) },
    { name: "приговор.pdf", contents: Buffer.alloc(2_300_000, 7) },
  ];
  for (const path of PAGES) {
    await page.goto(`${portal.url}/${language}/${path}`);
    await shoot(path.replace("/", "-"));
  }
  await form.visit(portal.url, language);
  await shoot("form");
  await form.press("#send");
  await shoot("form-fault");
  await form.attach(...documents, { name: "IMG_20240503_141211.jpg", contents: pictureVector("phone.jpg") });
  await page.waitForSelector(".pictures:not([hidden])");
  await shoot("form-documents");
  await page.focus("#pictures");
  await page.keyboard.press(" ");
  await form.press(".documents li button");
  await shoot("form-documents-removed");
  await form.press("#send");
  await page.waitForSelector(".receipt-code");
  await shoot("receipt");
  await page.goto(`${broken.url}/${language}/`);
  await page.waitForSelector("#client-state .fault");
  await shoot("form-unready");
  await form.visit(slow.url, language);
  await form.attach(...documents);
  await form.press("#send");
  await page.waitForFunction(() => (document.querySelector("progress")?.value ?? 0) > 1_000_000);
  await shoot("sending");
  await form.press(".sending button:nth-of-type(2)");
  await page.waitForSelector("progress", { hidden: true });
  await shoot("cancelled");
  await page.goto(`${portal.url}/${language}/replies`);
  await page.waitForSelector("#read:not(:disabled)");
  await page.type("#field-mailbox-code", code);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".reply");
  await shoot("replies-read");
  await page.goto(`${portal.url}/${language}/replies/plain`);
  await form.write("receipt-code", code);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".reply");
  await shoot("replies-plain-read");
  await page.goto(`${portal.url}/${language}/form/alone`);
  await form.press("#send");
  await page.waitForSelector("[role=alert]");
  await shoot("refused");
  await page.goto(`${own.url}/${language}/form/alone`);
  await shoot("own-form-plain");
  await form.press("#send");
  await page.waitForSelector("[role=alert]");
  await shoot("own-form-refused");
  await form.visit(own.url, language);
  await page.focus("#field-relation\\.3");
  await page.keyboard.press(" ");
  await form.press("#send");
  await shoot("own-form-fault");
  const offline = join(folder, `${language}.html`);
  await writeFile(offline, await (await fetch(`${portal.url}/offline/${language}.html`)).text());
  await page.goto(pathToFileURL(offline).href);
  await form.untilSendable();
  await shoot("offline");
  await form.write("message", "x");
  await form.press("#send");
  await page.waitForSelector("a[download]");
  await shoot("offline-saved");
}
