import { mkdtemp } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { type BehindWall, canBeBehindWall, openBehindWall } from "../support/behind-wall.js";
import { type BrowserUnderTest, browsersInside, poll } from "../support/browsers.js";
import { answerLetter, readReply, sendLetter } from "../support/correspondence.js";
import { FormPageDriver } from "../support/form-page.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import type { Row } from "./measure.js";

const KIB = 1024;
const PACKETS = 25;
/** Fewer each time, until a browser no longer gets through. */
const FEWER_PACKETS = [22, 20, 19, 18, 17, 16];
const READY = "form ready";
const READ = "reply of 100 KiB read";
const LIMIT_MS = 480_000;
/** A browser that has not got ready or sent by then does not get through. */
const PASSES_MS = 45_000;
const RELOAD_MS = 120_000;

/** What people do behind a wall, at several round-trip times; and the fewest packets at which it still works. */
export async function measureWall(bench: Bench): Promise<void> {
  if (!canBeBehindWall("the wall")) return bench.skip("the wall", "needs root and nftables");
  const tools = (["chromium", "firefox-esr"] as const).filter(hasTool);
  if (tools.length === 0) return bench.skip("the wall", "chromium is not installed");
  const { roundTripsMs, letters, large, fewest } = bench.sizes.wall;
  const [load = 0] = loadavg();
  const parts = await Promise.all(
    tools.map(async (tool) => {
      const [rows, largeRows] = await Promise.all([
        within(bench, tool, async (visit) => {
          const found: Found[] = [];
          for (const ms of roundTripsMs) found.push(...(await visit.all(ms, letters)));
          const lowest = fewest ? await visit.fewestPackets() : null;
          return { found, lowest };
        }),
        within(bench, tool, async (visit) => {
          const found: Found[] = [];
          for (const { ms, kibibytes } of large) found.push(...(await visit.all(ms, [kibibytes], false)));
          return found;
        }),
      ]);
      return { tool, ...rows, large: largeRows.filter(({ name }) => !name.startsWith(READY)) };
    }),
  );
  for (const { tool, found, large: more } of parts) {
    const all = [...found, ...more];
    const [base] = all;
    if (base === undefined) continue;
    const stalls = all.map(({ name, stalls, connections }) => `${name}: ${stalls} of ${connections}`).join("; ");
    bench.add({
      title: `Behind a wall of ${PACKETS} packets, ${NAMES[tool]}`,
      unit: "s",
      less: true,
      baseline: base.name,
      rows: all.map(
        ({ name, seconds }): Row => ({ name, value: seconds, runs: [seconds], ratio: seconds / base.seconds }),
      ),
      targets: [],
      note: `One run; both browsers at one time, each twice; the load of the machine was ${load.toFixed(1)} on ${availableParallelism()} cores before. The wall swallows new connections for 20 s at the fourth at one time; so often it was set off: ${
        all
          .filter(({ outbursts }) => outbursts > 0)
          .map(({ name, outbursts }) => `${name}: ${outbursts}`)
          .join("; ") || "never"
      }. Connections that went silent, of all: ${stalls}.`,
    });
  }
  if (!fewest) return;
  const baseline = "the wall elsewhere in this report";
  bench.add({
    title: "Fewest packets of a connection",
    unit: "packets",
    less: true,
    baseline,
    rows: [
      { name: baseline, value: PACKETS, runs: [PACKETS], ratio: 1 },
      ...parts.map(({ tool, lowest }): Row => {
        const value = lowest ?? Number.NaN;
        return { name: NAMES[tool], value, runs: [value], ratio: value / PACKETS };
      }),
    ],
    targets: [],
    note: `The lowest at which the form got ready and a letter of 60 KiB arrived, each within ${PASSES_MS / 1000} s, without a round-trip time.`,
  });
}

const NAMES = { chromium: "Chromium", "firefox-esr": "Firefox ESR" } as const;

interface Found {
  readonly name: string;
  readonly seconds: number;
  readonly stalls: number;
  readonly connections: number;
  readonly outbursts: number;
}

/** Gives `use` a browser behind a wall, both of which are gone afterwards. */
async function within<Value>(
  bench: Bench,
  tool: keyof typeof NAMES,
  use: (visit: Visit) => Promise<Value>,
): Promise<Value> {
  const portal = await startTestPortal();
  const behind = await openBehindWall(() => portal.url, { packets: PACKETS, atOnce: 4 });
  try {
    const [kind] = browsersInside(() => behind).filter((each) => each.tool === tool);
    if (kind === undefined) throw new Error(`there is no ${tool}`);
    return await use(new Visit(kind, behind, portal, await mkdtemp(join(bench.folder, "wall-")), bench.skip));
  } finally {
    await behind.close();
    await portal.stop();
  }
}

/** A person behind the wall, with a fresh browser for each thing. */
class Visit {
  readonly #kind: BrowserUnderTest;
  readonly #behind: BehindWall;
  readonly #portal: TestPortal;
  readonly #folder: string;
  readonly #skip: Bench["skip"];

  constructor(kind: BrowserUnderTest, behind: BehindWall, portal: TestPortal, folder: string, skip: Bench["skip"]) {
    this.#skip = skip;
    this.#kind = kind;
    this.#behind = behind;
    this.#portal = portal;
    this.#folder = folder;
  }

  /** Loads the form, sends letters of so many KiB, each in a fresh browser, and reads a reply to the last. */
  async all(roundTripMs: number, sizesKib: readonly number[], reading = true): Promise<Found[]> {
    const at = `, ${roundTripMs} ms`;
    await this.#behind.delay(roundTripMs);
    const found: Found[] = [];
    for (const [index, kibibytes] of sizesKib.entries()) {
      const browser = await this.#kind.launch();
      try {
        const form = new FormPageDriver(await this.#kind.newPage(browser), this.#folder);
        const ready = await this.#take(READY + at, () => this.#load(form, LIMIT_MS));
        if (index === 0) found.push(ready);
        found.push(await this.#take(`${kibibytes} KiB sent${at}`, () => this.#send(form, kibibytes, LIMIT_MS)));
        if (reading && index === sizesKib.length - 1) found.push(await this.#read(form, READ + at));
      } catch (cause) {
        console.log(`${this.#kind.name}, ${kibibytes} KiB${at}: ${String(cause)}`);
        this.#skip(`${this.#kind.name} behind the wall, ${kibibytes} KiB${at}`, `not done in ${LIMIT_MS / 1000} s`);
      } finally {
        await browser.close();
      }
    }
    return found;
  }

  async fewestPackets(): Promise<number> {
    await this.#behind.delay(0);
    let lowest = PACKETS;
    for (const packets of FEWER_PACKETS) {
      this.#behind.wall.letPass(packets);
      const browser = await this.#kind.launch();
      try {
        const form = new FormPageDriver(await this.#kind.newPage(browser), this.#folder);
        await this.#load(form, PASSES_MS);
        await this.#send(form, 60, PASSES_MS);
        lowest = packets;
      } catch {
        return lowest;
      } finally {
        await browser.close();
      }
    }
    return lowest;
  }

  async #take(name: string, act: () => Promise<void>): Promise<Found> {
    this.#behind.wall.reset();
    const begun = performance.now();
    await act();
    const seconds = (performance.now() - begun) / 1000;
    const { stalls, connections, outbursts } = this.#behind.wall.counts();
    console.log(`${this.#kind.name}, ${name}: ${seconds.toFixed(1)} s, ${stalls} of ${connections} silent`);
    return { name, seconds, stalls, connections, outbursts };
  }

  async #load(form: FormPageDriver, limitMs: number): Promise<void> {
    const url = `${this.#behind.url}/ru/`;
    // The page's own connection may go silent as any other; a person loads it again.
    await form.page.goto(url, { timeout: Math.min(limitMs, RELOAD_MS) }).catch(async (cause: unknown) => {
      if (limitMs <= RELOAD_MS) throw cause;
      console.log(`${this.#kind.name}: loaded again`);
      await form.page.goto(url, { timeout: limitMs - RELOAD_MS });
    });
    await poll("the button to be on", () => form.page.$("#send:not(:disabled)"), limitMs);
  }

  async #send(form: FormPageDriver, kibibytes: number, limitMs: number): Promise<void> {
    await sendLetter(form, "x", new Random("wall").bytes(kibibytes * KIB), limitMs);
  }

  async #read(form: FormPageDriver, name: string): Promise<Found> {
    const code = await form.text(".receipt-code");
    await answerLetter(this.#portal, code);
    return this.#take(name, () => readReply(form, this.#behind.url, code, LIMIT_MS, LIMIT_MS));
  }
}
