import { type Browser, type ElementHandle, type Frame, launch, type Page } from "puppeteer-core";
import type { Inside } from "./browsers-inside.js";
import { hasCeph } from "./ceph.js";
import { requireTools, type Tool } from "./tools.js";

export interface BrowserUnderTest {
  readonly name: string;
  readonly tool: Tool;
  /** Saves what is downloaded in the folder given. The profile is a fresh one, or that in the folder given. */
  readonly launch: (downloads?: string, profile?: string) => Promise<Browser>;
  readonly newPage: (browser: Browser) => Promise<Page>;
}

const CHROMIUM = "/usr/bin/chromium";
const FIREFOX = "/usr/bin/firefox-esr";

/** Without these, Chromium calls home at every start, and as root it does not start at all. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What Tor Browser's level "Safer" turns off: every compiler of JavaScript. */
const SAFER = {
  "javascript.options.ion": false,
  "javascript.options.baselinejit": false,
  "javascript.options.native_regexp": false,
  "javascript.options.wasm": false,
  "javascript.options.asmjs": false,
};

/** For looking on, see docs/DEBUGGING.md: a window, and what the browser itself writes to its standard error. */
const WATCHED = {
  headless: process.env.POSTERN_TEST_HEADFUL !== "1",
  dumpio: process.env.POSTERN_TEST_BROWSER_LOG === "1",
};

/** The driver turns it off, people do not. */
const BACK_FORWARD_CACHE_OFF = "--disable-back-forward-cache";

/** Another program than the browser's own, and where it is driven. */
interface Elsewhere {
  readonly executablePath: string;
  readonly debuggingPort: number;
}

const launchChromiumWith =
  (flags: readonly string[], elsewhere?: Elsewhere) => (downloads?: string, profile?: string) =>
    launch({
      browser: "chrome",
      executablePath: CHROMIUM,
      ...elsewhere,
      ...WATCHED,
      ...(profile && { userDataDir: profile }),
      ignoreDefaultArgs: [BACK_FORWARD_CACHE_OFF],
      args: [...CHROMIUM_FLAGS, ...flags],
      ...(downloads && { downloadBehavior: { policy: "allow", downloadPath: downloads } }),
    });
const launchChromium = launchChromiumWith([]);

const launchFirefox =
  (preferences: Record<string, boolean | number>, elsewhere?: Elsewhere) => (downloads?: string, profile?: string) =>
    launch({
      browser: "firefox",
      executablePath: FIREFOX,
      ...elsewhere,
      // Without this it takes any certificate for none.
      acceptInsecureCerts: elsewhere !== undefined,
      ...WATCHED,
      ...(profile && { userDataDir: profile }),
      extraPrefsFirefox: {
        ...preferences,
        ...(downloads && { "browser.download.folderList": 2, "browser.download.dir": downloads }),
        // People's own writes its session file every 15 s.
        "browser.sessionstore.interval": 500,
        // It would take the keyboard away from the page.
        "browser.download.alwaysOpenPanel": false,
      },
    });

const newPage = (browser: Browser) => browser.newPage();

export const BROWSERS_WITHOUT_JAVASCRIPT: readonly BrowserUnderTest[] = [
  {
    name: "Chromium",
    tool: "chromium",
    launch: launchChromium,
    newPage: async (browser) => {
      const page = await browser.newPage();
      await page.setJavaScriptEnabled(false);
      return page;
    },
  },
  { name: "Firefox ESR", tool: "firefox-esr", launch: launchFirefox({ "javascript.enabled": false }), newPage },
];

export const BROWSERS: readonly BrowserUnderTest[] = [
  { name: "Chromium", tool: "chromium", launch: launchChromium, newPage },
  { name: "Firefox ESR", tool: "firefox-esr", launch: launchFirefox({}), newPage },
];

/** Both, on a device that is set to dark colours. */
export const BROWSERS_IN_DARK: readonly BrowserUnderTest[] = [
  {
    name: "Chromium",
    tool: "chromium",
    launch: launchChromium,
    newPage: async (browser) => {
      const page = await browser.newPage();
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      return page;
    },
  },
  {
    name: "Firefox ESR",
    tool: "firefox-esr",
    launch: launchFirefox({ "layout.css.prefers-color-scheme.content-override": 0 }),
    newPage,
  },
];

export const FIREFOX_SAFER: BrowserUnderTest = {
  name: "Firefox ESR without JIT",
  tool: "firefox-esr",
  launch: launchFirefox(SAFER),
  newPage,
};

/** For which `portal.test` is this machine, reached as any other: over a line that the browser does not trust. */
export const CHROMIUM_ELSEWHERE: BrowserUnderTest = {
  name: "Chromium",
  tool: "chromium",
  launch: launchChromiumWith(["--host-resolver-rules=MAP portal.test 127.0.0.1"]),
  newPage,
};

/** As on hardened systems, which forbid generated code. */
export const CHROMIUM_SAFER: BrowserUnderTest = {
  name: "Chromium without JIT",
  tool: "chromium",
  launch: launchChromiumWith(["--js-flags=--jitless"]),
  newPage,
};

/**
 * Both browsers in another network namespace, one at a time. They accept the certificate whose public key has that
 * hash: Chromium would not keep in its cache what comes with one that it only tolerates.
 */
export function browsersInside(where: () => Inside & { readonly publicKeyHash: string }): readonly BrowserUnderTest[] {
  const elsewhere = async (program: string): Promise<Elsewhere> => ({
    executablePath: await where().program(program),
    debuggingPort: where().debuggingPort,
  });
  return [
    {
      name: "Chromium",
      tool: "chromium",
      launch: async (downloads, profile) => {
        const accept = `--ignore-certificate-errors-spki-list=${where().publicKeyHash}`;
        return launchChromiumWith([accept], await elsewhere(CHROMIUM))(downloads, profile);
      },
      newPage,
    },
    {
      name: "Firefox ESR",
      tool: "firefox-esr",
      launch: async (downloads, profile) => launchFirefox({}, await elsewhere(FIREFOX))(downloads, profile),
      newPage,
    },
  ];
}

/** Whether these tests run over a bucket (see vitest.config.ts); then they skip what does not depend on the store. */
export const OVER_BUCKET = process.env.POSTERN_TEST_STORE === "s3";

/** Null outside a test: npm run screenshots opens the same browsers. */
const it = process.env.VITEST === undefined ? null : (await import("vitest")).it;

/** Whether to run the tests of a browser; see {@link requireTools}. If not, a skipped test says so in their place. */
export function isInstalled({ name, tool }: BrowserUnderTest): boolean {
  const overCeph = !OVER_BUCKET || hasCeph(`everything in ${name} over an object store`);
  const installed = requireTools(`everything in ${name}`, tool, "gpg") && overCeph;
  // A file without any test would fail.
  if (!installed) it?.skip(`everything in ${name}: something is not installed`, () => undefined);
  return installed;
}

/** Polls, since neither navigation nor scripts can be waited for with JavaScript off. */
export async function poll<Value>(
  what: string,
  attempt: () => Promise<Value | null | undefined>,
  patience = 60_000,
): Promise<Value> {
  let last: unknown;
  for (let tries = 0; tries < patience / 50; tries += 1) {
    try {
      const value = await attempt();
      if (value !== null && value !== undefined) return value;
    } catch (cause) {
      // A frame may be replaced while it is looked at.
      last = cause;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`, { cause: last });
}

/** The frame whose address matches, once it has `selector` in it. */
export function frameWith(
  page: Page,
  address: RegExp,
  selector: string,
): Promise<{ frame: Frame; element: ElementHandle }> {
  return poll(`${selector} in a frame at ${String(address)}`, async () => {
    const frame = page.frames().find((candidate) => address.test(candidate.url()));
    const element = await frame?.$(selector);
    return frame !== undefined && element ? { frame, element } : null;
  });
}

/** Presses a button or link by keyboard, once it is there. */
export async function press(page: Page, selector: string): Promise<void> {
  // Found and focused in one step: between two the page may put another in its place.
  await poll(selector, () =>
    page.evaluate((wanted) => {
      const element = document.querySelector<HTMLElement>(wanted);
      element?.focus();
      return element === null ? null : true;
    }, selector),
  );
  await page.keyboard.press("Enter");
}

/** Presses by keyboard what says so in `place`, once it is there and can be seen. */
export async function pressWords(page: Page, words: string, place = "main"): Promise<void> {
  const found = await poll(`"${words}"`, async () => {
    for (const each of await page.$$(`${place} :is(button, summary, a)`)) {
      const said = await each.evaluate((element) => element.checkVisibility() && (element as HTMLElement).innerText);
      if (typeof said === "string" && said.trim() === words) return each;
    }
    return null;
  });
  await found.focus();
  await page.keyboard.press("Enter");
}

/** What a person sees, without what the stylesheet hides. */
export async function textOf(frame: Frame): Promise<string> {
  return frame.evaluate(() => document.body.innerText);
}
