import lighthouse from "lighthouse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";

const [kind] = BROWSERS.filter(({ name }) => name === "Chromium");
/** Other tests share the processor, which the marks for speed do not know. */
const ATTEMPTS = 3;
const LEAST = { accessibility: 100, "best-practices": 100, performance: 95 };

describe.runIf(kind !== undefined && isInstalled(kind))("Lighthouse, as a telephone sees it", () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startTestPortal();
  });
  afterAll(() => portal.stop());

  /** What the form is marked down for, by category; empty if every mark is high enough. */
  async function shortcomings(language: string): Promise<string[]> {
    const browser = await kind?.launch();
    try {
      const port = Number(new URL(browser?.wsEndpoint() ?? "").port);
      const onlyCategories = Object.keys(LEAST);
      const result = await lighthouse(`${portal.url}/${language}/`, { port, logLevel: "error", onlyCategories });
      const { categories = {}, audits = {} } = result?.lhr ?? {};
      return Object.entries(LEAST).flatMap(([name, least]) => {
        const { score = 0, auditRefs = [] } = categories[name] ?? {};
        const wrong = auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1);
        return (score ?? 0) * 100 >= least ? [] : [`${name} ${score}: ${wrong.map(({ id }) => id).join(", ")}`];
      });
    } finally {
      await browser?.close();
    }
  }

  it.each(["ru", "uk", "en"])("gives the form its marks: %s", async (language) => {
    let found: string[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      found = await shortcomings(language);
      if (found.length === 0) return;
    }
    expect(found).toEqual([]);
  });
});
