import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { type CaseStatus, writeCaseIndex, writeCaseNote } from "../../src/desk/index.js";
import { putCase } from "./cases.js";
import { FormPageDriver } from "./form-page.js";

/** CSS pixels, without the frames around them. */
const PHONE = { width: 376, height: 888, deviceScaleFactor: 2 };
const DESK = { width: 996, height: 896, deviceScaleFactor: 2 };
const BOTH = { width: 1444, height: 932, deviceScaleFactor: 1.25 };
const SCHEMES = ["light", "dark"] as const;

const LETTER =
  "My brother Andriy was taken from our home in May 2024. In November a court in Rostov gave him seven years. " +
  "He has diabetes, and his last letter came in August. Please help us to get him a doctor.";
const REQUEST = "Help needed";
const CASES: readonly InventedCase[] = [
  { id: "9b7c72d3", day: "2026-11-24", status: "new", request: "A doctor", letter: LETTER, files: ["verdict.pdf"] },
  {
    id: "4f02a91c",
    day: "2026-11-23",
    status: "reading",
    request: "Help to find him",
    letter: "My son is 19. We have heard nothing from him since June.",
    files: [],
  },
  {
    id: "c81d5e07",
    day: "2026-11-22",
    status: "answered",
    request: "A lawyer",
    letter: "The lawyer the court gave her tells us nothing. We have the indictment.",
    files: ["indictment.pdf"],
  },
  {
    id: "2a6be4f8",
    day: "2026-11-21",
    status: "waiting",
    request: "Exchange",
    letter: "His name is on none of the lists that we have seen.",
    files: [],
  },
];

interface InventedCase {
  /** The first 8 hex digits of the case id. */
  readonly id: string;
  readonly day: string;
  readonly status: CaseStatus;
  readonly request: string;
  readonly letter: string;
  readonly files: readonly string[];
}

/**
 * README.md's picture, `postern-light.webp` and `postern-dark.webp` in `out`: the form on a phone, and beside it the
 * desk's index of cases.
 * @param portal address of a running portal
 */
export async function takeReadmePicture(browser: Browser, portal: string, out: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "postern-picture-"));
  const page = await browser.newPage();
  try {
    const index = await writeInventedIndex(join(folder, "cases"));
    for (const scheme of SCHEMES) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await shootForm(page, portal, folder);
      await shootIndex(page, index, folder);
      await writeFile(join(folder, "both.html"), sideBySide(scheme));
      await page.setViewport(BOTH);
      await page.goto(pathToFileURL(join(folder, "both.html")).href);
      await page.screenshot({
        path: join(out, `postern-${scheme}.webp`),
        type: "webp",
        quality: 80,
        omitBackground: true,
      });
    }
  } finally {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeInventedIndex(folder: string): Promise<string> {
  await mkdir(folder);
  for (const { id, day, status, request, letter, files } of CASES) {
    const reply = { mailbox: "a".repeat(32), key: "a".repeat(52) };
    const chosen = [{ value: "x", label: request }];
    await putCase(folder, `submission-${id}`, {
      record: { case: id.padEnd(32, "0"), language: "en", choices: { request: { question: REQUEST, chosen } }, reply },
      letter: `Letter\n\nYour letter\n${letter}\n`,
      day,
      files: files.map((name) => ({ name, contents: Buffer.from("%PDF-1.4\n%%EOF\n") })),
    });
    await writeCaseNote(folder, id.padEnd(32, "0"), { status });
  }
  return writeCaseIndex(folder);
}

async function shootForm(page: Page, portal: string, folder: string): Promise<void> {
  const form = new FormPageDriver(page, folder);
  await page.setViewport(PHONE);
  await form.visit(portal, "en");
  await form.write("message", LETTER);
  await form.attach(
    { name: "verdict.pdf", contents: Buffer.alloc(1_300_000) },
    { name: "certificate.jpg", contents: Buffer.alloc(840_000) },
  );
  await scrollTo(page, "body");
  await page.screenshot({ path: join(folder, "phone.png") });
}

async function shootIndex(page: Page, index: string, folder: string): Promise<void> {
  await page.setViewport(DESK);
  await page.goto(pathToFileURL(index).href);
  await page.click("button[lang=en]").catch(() => undefined);
  await scrollTo(page, "h1");
  await page.screenshot({ path: join(folder, "desk.png") });
}

async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.$eval(selector, (element) => {
    element.scrollIntoView({ block: "start" });
    scrollBy(0, -16);
  });
}

function sideBySide(scheme: (typeof SCHEMES)[number]): string {
  const edge = scheme === "light" ? "#8b959c" : "#78828a";
  return `<!doctype html>
<style>
  body { display: flex; gap: 24px; margin: 0; padding: 16px }
  img { border: 2px solid ${edge}; box-sizing: border-box; height: 900px }
  .phone { border-radius: 28px; border-width: 6px; width: 388px }
  .desk { border-radius: 8px; width: 1000px }
</style>
<img class="phone" src="phone.png" alt=""><img class="desk" src="desk.png" alt="">`;
}
