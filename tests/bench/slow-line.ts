import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { BROWSERS, poll } from "../support/browsers.js";
import { openLine } from "../support/line.js";
import { slowLine } from "../support/slow-line.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { median, type Row } from "./measure.js";
import { startPortal } from "./running.js";

const BYTES_PER_SECOND = 50 * 1024;
/** Between a phone in the east of Russia and a server in Europe. */
const ROUND_TRIP_MS = 400;
/** Of TCP and of TLS 1.3: the line itself answers at once, and does not encrypt. */
const HANDSHAKE_ROUND_TRIPS = 2;
const LIMIT_MS = 60_000;
const FILLED = "the form is there to fill in";
const READY = "its client is ready to encrypt";

interface Version {
  /** Behind the names of its rows. */
  readonly name: string;
  readonly keepAlive: Parameters<typeof startPortal>[3];
  readonly program?: string;
}

interface Visit {
  readonly filled: number;
  readonly ready: number;
}

/** A first visit over a slow and far line; with `--before`, to that version as well. */
export async function measureSlowLine(bench: Bench): Promise<void> {
  const [chromium] = BROWSERS;
  if (chromium === undefined || !hasTool(chromium.tool)) return bench.skip("slow line", "chromium is not installed");
  const { before } = bench;
  const versions: Version[] = [
    { name: "", keepAlive: "no" },
    { name: ", connections kept", keepAlive: "yes" },
  ];
  if (before !== undefined) {
    versions.push({ name: ", before", keepAlive: null, program: join(before, "dist/cli/main.js") });
  }
  const portals = await Promise.all(
    versions.map(async ({ name, keepAlive, program }) => {
      return { name, portal: await startPortal(bench.folder, "gnupg", [], keepAlive, program) };
    }),
  );
  const browser = await chromium.launch();
  try {
    const visits = new Map<string, Visit[]>(portals.map(({ name }) => [name, []]));
    for (let round = 0; round < bench.sizes.firstLoad.rounds; round += 1) {
      for (const { name, portal } of portals) {
        visits.get(name)?.push(await visit(portal.url, await chromium.newPage(browser)));
      }
    }
    const rows = [...visits].flatMap(([name, all]) => {
      const row = (what: string, runs: readonly number[]) => ({ name: `${what}${name}`, value: median(runs), runs });
      return [
        row(
          FILLED,
          all.map(({ filled }) => filled),
        ),
        row(
          READY,
          all.map(({ ready }) => ready),
        ),
      ];
    });
    const base = rows.find(({ name }) => name.startsWith(READY));
    if (base === undefined) return;
    bench.add({
      title: `First load at 50 KiB/s and ${ROUND_TRIP_MS} ms`,
      unit: "s",
      less: true,
      baseline: base.name,
      rows: rows.map((row): Row => ({ ...row, ratio: row.value / base.value })),
      targets: [],
      note: `Chromium, nothing cached, ${bench.sizes.firstLoad.rounds} rounds; each new connection waits for the two round trips of its handshakes. A portal ends each connection after one answer, since some networks count what a connection carries; where its operator knows of none, it may keep them. At most 1.5 and 3 s are wanted.`,
    });
  } finally {
    await browser.close();
    await Promise.all(portals.map(({ portal }) => portal.stop()));
  }
}

async function visit(url: string, page: Page): Promise<Visit> {
  const handshakes = await openLine(
    () => url,
    (client, upstream) => {
      setTimeout(() => {
        client.pipe(upstream);
        upstream.pipe(client);
      }, HANDSHAKE_ROUND_TRIPS * ROUND_TRIP_MS);
    },
  );
  const line = await slowLine(handshakes.url, BYTES_PER_SECOND, ROUND_TRIP_MS / 2);
  try {
    const begun = performance.now();
    await page.goto(`${line.url}/ru/`, { waitUntil: "domcontentloaded", timeout: LIMIT_MS });
    await poll("the client to be ready", () => page.$("#send:not(:disabled)"), LIMIT_MS);
    const ready = (performance.now() - begun) / 1000;
    const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    return { filled: (painted ?? Number.NaN) / 1000, ready };
  } finally {
    await page.close();
    await Promise.all([line, handshakes].map((one) => one.close()));
  }
}
