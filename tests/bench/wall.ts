import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type BehindWall, canBeBehindWall, openBehindWall } from "../support/behind-wall.js";
import { type BrowserUnderTest, browsersInside, poll } from "../support/browsers.js";
import { answerLetter, readReply, sendLetter } from "../support/correspondence.js";
import { FormPageDriver } from "../support/form-page.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { hasTool } from "../support/tools.js";
import type { Bench, Visits } from "./bench-context.js";
import { crowd } from "./letters.js";
import { type Row, rowsOfTimes } from "./measure.js";

const KIB = 1024;
const PACKETS = 25;
/** Fewer each time, until a browser no longer gets through. */
const FEWER_PACKETS = [22, 20, 19, 18, 17, 16];
const READY = "form ready";
const READ = "reply of 100 KiB read";
const LIMIT_MS = 480_000;
/** A browser that has not got ready or sent by then does not get through. */
const PASSES_MS = 45_000;
const RELOAD_MS = 30_000;

/** What people do behind a wall, at several round-trip times. */
export async function measureWall(bench: Bench): Promise<void> {
  const tools = browsersBehindWall(bench);
  if (tools.length === 0) return;
  await measureVisits(bench, tools, bench.sizes.wall);
}

/** What takes a quarter of an hour: long letters and long ways, and the fewest packets at which it still works. */
export async function measureWallAtLength(bench: Bench): Promise<void> {
  const tools = browsersBehindWall(bench);
  if (tools.length === 0) return;
  const baseline = "the wall elsewhere in this report";
  const lowest = await Promise.all(
    tools.map(async (tool) => [tool, await within(bench, tool, (visit) => visit.fewestPackets())] as const),
  );
  bench.add({
    title: "Fewest packets of a connection",
    unit: "packets",
    less: true,
    baseline,
    rows: [
      { name: baseline, value: PACKETS, runs: [PACKETS], ratio: 1 },
      ...lowest.map(([tool, value]): Row => ({ name: NAMES[tool], value, runs: [value], ratio: value / PACKETS })),
    ],
    targets: [],
    note: `The lowest at which the form got ready and a letter of 60 KiB arrived, each within ${PASSES_MS / 1000} s, without a round-trip time.`,
  });
  await measureVisits(bench, tools, bench.sizes.wallAtLength);
}

type Tool = keyof typeof NAMES;

function browsersBehindWall(bench: Bench): readonly Tool[] {
  if (!canBeBehindWall("the wall")) {
    bench.skip("the wall", "needs root and nftables");
    return [];
  }
  const tools = (["chromium", "firefox-esr"] as const).filter(hasTool);
  if (tools.length === 0) bench.skip("the wall", "chromium is not installed");
  return tools;
}

async function measureVisits(bench: Bench, tools: readonly Tool[], { name, visits, rounds }: Visits): Promise<void> {
  const see = async (tool: Tool, { ms, kibibytes, people = 1 }: Visits["visits"][number]) => {
    const seen: Found[] = [];
    await crowd(rounds, people, [], async () => {
      seen.push(...(await within(bench, tool, (visit) => visit.all(ms, kibibytes))));
    });
    return seen;
  };
  const found = await Promise.all(
    tools.map(async (tool) => [tool, (await Promise.all(visits.map((each) => see(tool, each)))).flat()] as const),
  );
  for (const [tool, all] of found) {
    const groups = new Map<string, Found[]>();
    for (const one of all) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
    const [baseline] = groups.keys();
    if (baseline === undefined) continue;
    const sums = [...groups].map(([name, all]) => ({ name, ...sumOf(all) }));
    const outbursts = sums
      .filter(({ outbursts }) => outbursts > 0)
      .map(({ name, outbursts }) => `${name}: ${outbursts}`);
    const stalls = sums.map(({ name, stalls, connections }) => `${name}: ${stalls} of ${connections}`).join("; ");
    bench.add({
      title: `${name} a wall of ${PACKETS} packets, ${NAMES[tool]}`,
      unit: "s",
      less: true,
      baseline,
      rows: rowsOfTimes(new Map([...groups].map(([name, all]) => [name, all.map(({ seconds }) => seconds)])), baseline),
      targets: [],
      note: `${rounds === 1 ? "One round" : `${rounds} rounds`}, each behind a new wall; both browsers, and some of these rounds, at one time. The wall swallows new connections for 20 s at the fourth at one time; so often it was set off: ${outbursts.join("; ") || "never"}. Connections that went silent, of all: ${stalls}.`,
    });
  }
}

const NAMES = { chromium: "Chromium", "firefox-esr": "Firefox ESR" } as const;

interface Found {
  readonly name: string;
  readonly seconds: number;
  readonly stalls: number;
  readonly connections: number;
  readonly outbursts: number;
}

/** What the wall counted in all of them together. */
function sumOf(all: readonly Found[]): Pick<Found, "stalls" | "connections" | "outbursts"> {
  const sum = (what: "stalls" | "connections" | "outbursts") => all.reduce((total, each) => total + each[what], 0);
  return { stalls: sum("stalls"), connections: sum("connections"), outbursts: sum("outbursts") };
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

  /** Loads the form, sends letters of so many KiB, each in a fresh browser, and reads a reply to the first. */
  async all(roundTripMs: number, sizesKib: readonly number[]): Promise<Found[]> {
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
        if (index === 0) found.push(await this.#read(form, READ + at));
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
