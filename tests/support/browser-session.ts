import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { BrowserUnderTest } from "./browsers.js";
import { type PageLog, reportFailure, watchPage, withinTimeout } from "./failure-report.js";
import { FormPageDriver } from "./form-page.js";
import type { Line } from "./line.js";
import { type PortalOptions, startTestPortal, type TestPortal } from "./portal.js";
import { slowLine } from "./slow-line.js";
import { removeFolder } from "./temporary.js";

/** What a test has started, and has to end. */
type Stoppable = { readonly stop: () => Promise<unknown> } | { readonly close: () => Promise<unknown> };

/** One browser for the tests of a `describe`. All but the browser and its downloads belongs to the present test. */
export interface BrowserSession {
  readonly browser: Browser;
  /** Folder of what the browser downloads. */
  readonly downloads: string;
  readonly page: Page;
  readonly form: FormPageDriver;
  readonly folder: string;
  /** Ends `what` after the test, what was given last first; returns it. */
  readonly stopLater: <What extends Stoppable>(what: What) => What;
  readonly startPortal: (options?: PortalOptions) => Promise<TestPortal>;
  /** The address of a line to `portal` that is as slow as told; see {@link slowLine}. */
  readonly slowly: (portal: TestPortal, bytesPerSecond: number, latency?: number) => Promise<string>;
}

interface Present {
  readonly page: Page;
  readonly form: FormPageDriver;
  readonly folder: string;
  readonly log: PageLog;
  readonly started: Stoppable[];
}

/** To be called in a `describe`. A test that fails leaves a picture of its page; see docs/DEBUGGING.md. */
export function browserSession(kind: BrowserUnderTest): BrowserSession {
  let browser: Browser | undefined;
  let downloads: string | undefined;
  let present: Present | undefined;

  beforeAll(async () => {
    downloads = await mkdtemp(join(tmpdir(), "postern-downloads-"));
    browser = await kind.launch(downloads);
  });
  afterAll(async () => {
    if (browser !== undefined) await end(browser);
    await removeFolder(downloads);
  });
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), "postern-e2e-"));
    const page = await kind.newPage(running(browser));
    present = { page, form: new FormPageDriver(page, folder), folder, log: watchPage(page), started: [] };
  });
  afterEach(async ({ task }) => {
    const { page, folder, log, started } = running(present);
    present = undefined;
    if (task.result?.state === "fail") await reportFailure(`${kind.name} ${task.name}`, page, log);
    const closed = await withinTimeout(page.close().then(() => true));
    for (const each of started.reverse()) await ("stop" in each ? each.stop() : each.close());
    await removeFolder(folder);
    if (closed !== null) return;
    await end(running(browser));
    browser = await kind.launch(downloads);
    // Firefox ESR does so in some 1 of 50 runs on a busy machine, when it opens a file with a worker.
    throw new Error("the browser hung");
  });

  const stopLater: BrowserSession["stopLater"] = (what) => {
    running(present).started.push(what);
    return what;
  };
  return {
    get browser() {
      return running(browser);
    },
    get downloads() {
      return running(downloads);
    },
    get page() {
      return running(present).page;
    },
    get form() {
      return running(present).form;
    },
    get folder() {
      return running(present).folder;
    },
    stopLater,
    startPortal: async (options = {}) => stopLater(await startTestPortal(options)),
    slowly: async (portal, bytesPerSecond, latency = 0) => {
      const line: Line = stopLater(await slowLine(portal.url, bytesPerSecond, latency));
      return line.url;
    },
  };
}

/** Closes the browser, or ends its process if it does not answer. */
async function end(browser: Browser): Promise<void> {
  if ((await withinTimeout(browser.close().then(() => true))) === null) browser.process()?.kill("SIGKILL");
}

function running<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the session is open only while its tests run");
  return value;
}
