import { BROWSERS, type BrowserUnderTest } from "../support/browsers.js";
import { marksOf, NoMarkError } from "../support/lighthouse.js";
import { hasTool } from "../support/tools.js";
import type { Bench } from "./bench-context.js";
import { median, type Row } from "./measure.js";
import { startPortal } from "./running.js";

const HIGHEST = "The highest mark";
const LEAST = 0.95;
const MAX_TRIES = 3;

/** Lighthouse's mark for the speed of the form in each language. */
export async function measureMarks(bench: Bench): Promise<void> {
  const [chromium] = BROWSERS;
  if (chromium === undefined || !hasTool(chromium.tool)) return bench.skip("marks", "chromium is not installed");
  const { languages, rounds } = bench.sizes.marks;
  const portal = await startPortal(bench.folder);
  try {
    const marks = new Map<string, number[]>(languages.map((language) => [language, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [language, all] of marks) {
        all.push(await markOf(chromium, `${portal.url}${language}/`));
      }
    }
    const rows = [...marks].map(([language, runs]): Row => {
      return { name: nameOf(language), value: median(runs), runs, ratio: median(runs) / 100 };
    });
    bench.add({
      title: "Lighthouse's mark for speed",
      unit: "of 100",
      baseline: HIGHEST,
      rows: [{ name: HIGHEST, value: 100, runs: Array.from({ length: rounds }, () => 100), ratio: 1 }, ...rows],
      targets: rows.map(({ name }) => ({ row: name, baseline: HIGHEST, atLeast: LEAST })),
      note: `Lighthouse as it sees a middling telephone on a slow 4G line, ${rounds} rounds, nothing cached.`,
    });
  } finally {
    await portal.stop();
  }
}

/** No mark is none of the page's: it is asked for again. */
async function markOf(chromium: BrowserUnderTest, url: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await marksOf(chromium, url, "performance")).performance.value;
    } catch (cause) {
      if (!(cause instanceof NoMarkError) || tries === MAX_TRIES) throw cause;
    }
  }
}

function nameOf(language: string): string {
  return `Postern's form, ${language}`;
}
