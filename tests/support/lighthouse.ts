import lighthouse from "lighthouse";
import type { BrowserUnderTest } from "./browsers.js";

/** What Lighthouse gives a page for one thing. */
export interface Mark {
  /** Of 100. */
  readonly value: number;
  /** What it is marked down for, by Lighthouse's names. */
  readonly wrong: readonly string[];
}

/** Lighthouse could not measure what a mark depends on, as happens on a busy machine. */
export class NoMarkError extends Error {}

/**
 * Lighthouse's marks for the page at `url` in a browser of its own, as a telephone sees it, by category.
 * @throws NoMarkError
 */
export async function marksOf<Category extends string>(
  chromium: BrowserUnderTest,
  url: string,
  ...onlyCategories: Category[]
): Promise<Readonly<Record<Category, Mark>>> {
  const browser = await chromium.launch();
  try {
    const port = Number(new URL(browser.wsEndpoint()).port);
    const result = await lighthouse(url, { port, logLevel: "error", onlyCategories });
    const { categories = {}, audits = {} } = result?.lhr ?? {};
    const marks = onlyCategories.map((name): [Category, Mark] => {
      const { score = null, auditRefs = [] } = categories[name] ?? {};
      if (score === null) {
        const unknown = auditRefs.flatMap(({ id, weight }) => (weight > 0 && audits[id]?.score == null ? id : []));
        throw new NoMarkError(`Lighthouse gives no mark for ${name}, without ${unknown.join(", ")}`);
      }
      const wrong = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1);
      return [name, { value: score * 100, wrong: wrong.map(({ id }) => id) }];
    });
    return Object.fromEntries(marks) as Record<Category, Mark>;
  } finally {
    await browser.close();
  }
}
