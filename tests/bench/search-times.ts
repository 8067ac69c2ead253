import type { Page } from "puppeteer-core";

/** How long searches for several words take on a page of cases, until what they found is laid out. */
export async function searchTimes(page: Page): Promise<string> {
  const times = await page.evaluate(async () => {
    const found: number[] = [];
    for (const words of ["петр", "иванов приговор", "ничего такого", "с", "ELKA", "ёлка надежда", ""]) {
      const field = document.querySelector<HTMLInputElement>("#search");
      const results = document.querySelector("#results");
      const started = performance.now();
      const shown = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(null);
        });
        if (results !== null) observer.observe(results, { childList: true });
      });
      if (field !== null) field.value = words;
      field?.dispatchEvent(new Event("input"));
      await shown;
      document.body.getBoundingClientRect();
      found.push(performance.now() - started);
    }
    return found;
  });
  const sorted = times.sort((left, right) => left - right);
  return `a search takes ${sorted[3]?.toFixed(0)} ms, at most ${sorted.at(-1)?.toFixed(0)} ms`;
}
