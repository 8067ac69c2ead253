// Every page and state into screenshots/, and the pictures of README.md and docs/STAFF.md, which are committed:
// npm run screenshots. One kind of them: npm run screenshots -- --only ru-360-chromium, or --only guide
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ElementHandle, Page } from "puppeteer-core";
import { createKeyPair } from "../src/desk/index.js";
import { BROWSERS, BROWSERS_IN_DARK, BROWSERS_WITHOUT_JAVASCRIPT, type BrowserUnderTest } from "./support/browsers.js";
import { makeSubmissions } from "./support/cases.js";
import { recipientOf } from "./support/keys.js";
import { startTestPickup } from "./support/pickup.js";
import { fill, signIn } from "./support/pickup-page.js";
import { startTestPortal } from "./support/portal.js";
import { takeReadmePicture } from "./support/readme-picture.js";
import { takeStaffPictures } from "./support/staff-pictures.js";
import { type ScreenPortals, showPlainStates, showStates, startScreenPortals } from "./support/submitter-screens.js";

const OUT = fileURLToPath(new URL("../screenshots", import.meta.url));
const IMAGES = fileURLToPath(new URL("../docs/images", import.meta.url));
const HEIGHT = 780;

/** One way in which all states are looked at. */
interface Look {
  readonly name: string;
  readonly kind: BrowserUnderTest;
  readonly language: string;
  readonly width: number;
  readonly show: typeof showStates;
  /** Before and after each picture. */
  readonly change?: (page: Page) => Promise<unknown>;
  readonly undo?: (page: Page) => Promise<unknown>;
}

const nameOf = ({ tool }: BrowserUnderTest) => tool.replace("-esr", "");
const LOOKS: readonly Look[] = [
  ...["ru", "uk", "en"].flatMap((language) =>
    [
      ...BROWSERS.map((kind) => ({ name: `${language}-360-${nameOf(kind)}`, kind, width: 360, show: showStates })),
      ...BROWSERS_WITHOUT_JAVASCRIPT.map((kind) => ({
        name: `${language}-360-${nameOf(kind)}-plain`,
        kind,
        width: 360,
        show: showPlainStates,
      })),
    ].map((look) => ({ ...look, language })),
  ),
  ...BROWSERS_IN_DARK.map((kind) => ({
    name: `uk-360-${nameOf(kind)}-dark`,
    kind,
    language: "uk",
    width: 360,
    show: showStates,
  })),
  // 320 is what 1280 becomes at 400 %.
  ...[320, 768, 1280].flatMap((width) =>
    BROWSERS.slice(0, 1).map((kind) => ({
      name: `ru-${width}-${nameOf(kind)}`,
      kind,
      language: "ru",
      width,
      show: showStates,
    })),
  ),
  ...BROWSERS.slice(0, 1).flatMap((kind) => [
    {
      name: `en-360-${nameOf(kind)}-rtl`,
      kind,
      language: "en",
      width: 360,
      show: showStates,
      change: (page: Page) =>
        page.evaluate(() => {
          document.documentElement.dir = "rtl";
        }),
    },
    {
      name: `en-768-${nameOf(kind)}-print`,
      kind,
      language: "en",
      width: 768,
      show: showStates,
      change: (page: Page) => page.emulateMediaType("print"),
      undo: (page: Page) => page.emulateMediaType("screen"),
    },
  ]),
];

const { only } = parseArgs({ options: { only: { type: "string", default: "" } } }).values;
const looks = LOOKS.filter(({ name }) => name.startsWith(only));
const folder = await mkdtemp(join(tmpdir(), "postern-screenshots-"));
try {
  if (looks.length > 0) await showAllSubmitters();
  if (only === "" || only === "staff") await showStaff();
  if (only === "" || only === "guide") {
    for (const kind of BROWSERS.slice(0, 1)) await takeStaffPictures(kind, join(IMAGES, "staff"));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function showAllSubmitters(): Promise<void> {
  const portals = await startScreenPortals();
  try {
    for (const look of looks) await showSubmitters(look, portals);
  } finally {
    await portals.stop();
  }
}

/** A name that ends in `.window` is of what the window shows, any other of the whole page. */
function shooting(page: Page, out: string, { change, undo }: Pick<Look, "change" | "undo"> = {}) {
  return async (name: string) => {
    await change?.(page);
    const path = join(out, `${name.replace(".window", "")}.png`) as `${string}.png`;
    await page.screenshot({ path, fullPage: !name.endsWith(".window") });
    await undo?.(page);
  };
}

async function showSubmitters(look: Look, all: ScreenPortals): Promise<void> {
  const { name, kind, language, width, show } = look;
  const out = join(OUT, name);
  await mkdir(out, { recursive: true });
  const downloads = join(folder, name);
  await mkdir(downloads);
  const browser = await kind.launch(downloads);
  try {
    const page = await kind.newPage(browser);
    await page.setViewport({ width, height: HEIGHT });
    await show({ page, language, folder, downloads, portals: all, shoot: shooting(page, out, look) });
    process.stderr.write(`${out}\n`);
  } finally {
    await browser.close();
  }
}

async function showStaff(): Promise<void> {
  const [kind] = BROWSERS;
  if (kind === undefined) throw new Error("there is no browser");
  const ordinary = await startTestPortal();
  const pickup = await startTestPickup();
  await fill(pickup);
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
    for (const width of [360, 1280]) {
      for (const language of ["uk", "en"]) {
        const page = await kind.newPage(browser);
        await page.setViewport({ width, height: HEIGHT });
        const out = join(OUT, `${language}-${width}-staff`);
        await mkdir(out, { recursive: true });
        await visitPickup(page, pickup, language, shooting(page, out));
        await visitDesk(page, desk, language, shooting(page, out));
        await page.close();
        process.stderr.write(`${out}\n`);
      }
    }
  } finally {
    await browser.close();
    await pickup.stop();
    await ordinary.stop();
  }
}

type Shoot = (name: string) => Promise<unknown>;

async function visitPickup(
  page: Page,
  pickup: Awaited<ReturnType<typeof startTestPickup>>,
  language: string,
  shoot: Shoot,
): Promise<void> {
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

async function visitDesk(page: Page, desk: string, language: string, shoot: Shoot): Promise<void> {
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
