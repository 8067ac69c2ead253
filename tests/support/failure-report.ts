import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "puppeteer-core";

/** Beside what `npm run screenshots` makes; git ignores it. */
const FOLDER = new URL("../../screenshots/failed/", import.meta.url);
/** Longest file name of a test, in characters. */
const MAX_NAME = 80;
/** How long a page may take to show itself or to close, in milliseconds: the one of a failed test may hang. */
const TIMEOUT_MS = 15_000;

/** What a page says while it is watched, a line each. */
export type PageLog = readonly string[];

/** Notes from now on what `page` writes to its console, what it throws, and which of its requests fail. */
export function watchPage(page: Page): PageLog {
  const log: string[] = [];
  page.on("console", (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => log.push(`thrown: ${error instanceof Error ? error.message : String(error)}`));
  page.on("requestfailed", (request) => log.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ""}`));
  return log;
}

/** Writes a picture of the page, what it consists of and what it said, and says on standard error where. */
export async function reportFailure(name: string, page: Page, log: PageLog): Promise<void> {
  const file = name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, MAX_NAME);
  const place = (ending: string) => fileURLToPath(new URL(`${file}.${ending}`, FOLDER));
  await mkdir(FOLDER, { recursive: true });
  const picture = await withinTimeout(page.screenshot({ fullPage: true }));
  const html = await withinTimeout(page.content());
  if (picture !== null) await writeFile(place("png"), picture);
  if (html !== null) await writeFile(place("html"), html);
  await writeFile(place("log"), [page.url(), ...log, ""].join("\n"));
  process.stderr.write(`the page of the failed test: ${place("png")} (and .html, .log)\n`);
}

/** The value, or null if the page does not give it in time. */
export async function withinTimeout<Value>(value: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), TIMEOUT_MS);
  });
  return Promise.race([value.catch(() => null), late]).finally(() => clearTimeout(timer));
}
