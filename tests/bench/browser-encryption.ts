import { createKeyPair } from "../../src/desk/index.js";
import { serveScript } from "../support/browser-script.js";
import { BROWSERS, type BrowserUnderTest, CHROMIUM_SAFER, FIREFOX_SAFER } from "../support/browsers.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import type { Timings } from "./browser-speed-worker.js";
import { rowsOf } from "./measure.js";

export const PROFILES = ["gnupg", "rfc9580"] as const;
export const KINDS: readonly BrowserUnderTest[] = [...BROWSERS, CHROMIUM_SAFER, FIREFOX_SAFER];
const SLOW: readonly BrowserUnderTest[] = [CHROMIUM_SAFER, FIREFOX_SAFER];
const BARE = "openpgp.js alone";
const OURS = "Postern, archive and all";
const HASHED = "Postern, cut into chunks and hashed too";

/** How much a browser is given: without JIT, version 1 is many times slower. */
export function amountFor(
  kind: BrowserUnderTest,
  profile: (typeof PROFILES)[number],
  { mebibytes, uncompiled }: Bench["sizes"]["browsers"],
): number {
  return SLOW.includes(kind) && profile === "gnupg" ? uncompiled : mebibytes;
}

/** Encrypts in a worker of the browser, in interleaved rounds. */
export async function encryptIn(
  kind: BrowserUnderTest,
  profile: (typeof PROFILES)[number],
  mebibytes: number,
  rounds: number,
): Promise<Timings> {
  const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
  const line = await serveScript("tests/bench/browser-speed-worker.ts");
  const browser = await kind.launch();
  try {
    const page = await kind.newPage(browser);
    page.setDefaultTimeout(600_000);
    await page.goto(line.url);
    const result = (await page.evaluate(
      (task) =>
        new Promise((resolve) => {
          const worker = new Worker("/script.js");
          worker.onmessage = ({ data }) => resolve(data);
          worker.postMessage(task);
        }),
      { certificate: pair.certificate, mebibytes, rounds },
    )) as Timings & { error?: string };
    if (result.error !== undefined) throw new Error(result.error);
    return result;
  } finally {
    await browser.close();
    await line.close();
  }
}

export async function measureBrowsers(bench: Bench): Promise<void> {
  for (const kind of KINDS) {
    if (!hasTool(kind.tool)) {
      bench.skip(`encryption in ${kind.name}`, `${kind.tool} is not installed`);
      continue;
    }
    for (const profile of PROFILES) {
      const mebibytes = amountFor(kind, profile, bench.sizes.browsers);
      const { rounds } = bench.sizes.browsers;
      const { bare, encrypted, hashed } = await encryptIn(kind, profile, mebibytes, rounds);
      const runs = [
        [BARE, bare],
        [OURS, encrypted],
        [HASHED, hashed],
      ] as const;
      const timed = new Map(runs.map(([name, all]) => [name, all.map((seconds) => ({ seconds }))]));
      bench.add({
        title: `${kind.name}, ${profile}`,
        unit: "MiB/s",
        baseline: BARE,
        rows: rowsOf(timed, mebibytes, BARE),
        targets: [],
        note: `${mebibytes} MiB in a worker, ${rounds} rounds after a warm-up. During an upload, cutting and hashing overlap with the network.`,
      });
    }
  }
}
