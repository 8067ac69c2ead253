import type { Page } from "puppeteer-core";

/** How long searches for several words take on a page of cases, until what they changed is laid out. */
export async function searchTimes(page: Page): Promise<string> {
  const times = await page.evaluate(() =>
    ["петр", "иванов приговор", "ничего такого", "с", "ELKA", "ёлка надежда", ""].map((words) => {
      const field = document.querySelector<HTMLInputElement>("#search");
      const started = performance.now();
      if (field !== null) field.value = words;
      field?.dispatchEvent(new Event("input"));
      document.body.getBoundingClientRect();
      return performance.now() - started;
    }),
  );
  const sorted = times.sort((left, right) => left - right);
  return `a search takes ${sorted[3]?.toFixed(0)} ms, at most ${sorted.at(-1)?.toFixed(0)} ms`;
}
