import type { Page } from "puppeteer-core";
import { BROWSERS, poll } from "../support/browsers.js";
import { openLine } from "../support/line.js";
import { slowLine } from "../support/slow-line.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { median, rowsOfTimes } from "./measure.js";
import { startOnionShare } from "./onionshare.js";
import { startPortal } from "./running.js";

const BYTES_PER_SECOND = 50 * 1024;
const PATIENCE = 60_000;
const ONIONSHARE = "OnionShare's page, loaded";
const OURS = "Postern's form, loaded, its client ready to encrypt";
const WITHOUT = "Postern's form without JavaScript, loaded";

interface Visit {
  readonly seconds: number;
  readonly bytes: number;
  readonly requests: number;
}

/** A first visit over a slow line, with nothing in the cache. */
export async function measureFirstLoad(bench: Bench): Promise<void> {
  const [chromium] = BROWSERS;
  if (chromium === undefined || !hasTool(chromium.tool)) return bench.skip("first load", "chromium is not installed");
  // Nearly all of this part and of the next two is waiting.
  await bench.rested();
  const portal = await startPortal(bench.folder);
  const onionshare = await startOnionShare(bench);
  const browser = await chromium.launch();
  const ready = async (page: Page) => {
    await poll("the client to be ready", () => page.$("#send:not(:disabled)"), PATIENCE);
  };
  const ways: [string, () => Promise<Visit>][] = [
    [OURS, () => visit(portal.url, "ru/", () => chromium.newPage(browser), ready)],
    [WITHOUT, () => visit(portal.url, "ru/form/alone", () => chromium.newPage(browser))],
  ];
  if (onionshare !== null) ways.unshift([ONIONSHARE, () => visit(onionshare.url, "", () => chromium.newPage(browser))]);
  try {
    const visits = new Map<string, Visit[]>(ways.map(([name]) => [name, []]));
    for (let round = 0; round < bench.sizes.firstLoad.rounds; round += 1) {
      for (const [name, go] of ways) visits.get(name)?.push(await go());
    }
    const baseline = onionshare === null ? OURS : ONIONSHARE;
    const middle = (name: string, what: keyof Visit) => median((visits.get(name) ?? []).map((one) => one[what]));
    const about = [...visits.keys()].map((name) => {
      const kibibytes = (middle(name, "bytes") / 1024).toFixed(0);
      return `${name}: ${kibibytes} KiB in ${middle(name, "requests")} requests.`;
    });
    bench.add({
      title: "First load at 50 KiB/s",
      unit: "s",
      less: true,
      baseline,
      rows: rowsOfTimes(new Map([...visits].map(([name, all]) => [name, all.map(({ seconds }) => seconds)])), baseline),
      targets: [],
      note: `Chromium, nothing cached, ${bench.sizes.firstLoad.rounds} rounds; headers counted. ${about.join(" ")}`,
    });
  } finally {
    await browser.close();
    await Promise.all([portal, onionshare].map((server) => server?.stop()));
  }
}

/** @param ready resolves when the page can be used; once it is loaded unless told */
async function visit(
  url: string,
  path: string,
  open: () => Promise<Page>,
  ready: (page: Page) => Promise<void> = async () => undefined,
): Promise<Visit> {
  let bytes = 0;
  let requests = 0;
  const counting = await openLine(
    () => url,
    (client, upstream) => {
      client.on("data", (chunk: Buffer) => {
        requests += chunk.toString("latin1").match(/^(GET|POST|HEAD) \S+ HTTP\/1\.1\r$/gm)?.length ?? 0;
      });
      upstream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      client.pipe(upstream);
      upstream.pipe(client);
    },
  );
  const line = await slowLine(counting.url, BYTES_PER_SECOND);
  const page = await open();
  try {
    await page.setCacheEnabled(false);
    const begun = performance.now();
    await page.goto(new URL(path, `${line.url}/`).href, { waitUntil: "load", timeout: PATIENCE });
    await ready(page);
    return { seconds: (performance.now() - begun) / 1000, bytes, requests };
  } finally {
    await page.close();
    await Promise.all([line, counting].map((one) => one.close()));
  }
}
