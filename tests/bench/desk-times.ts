import type { Page } from "puppeteer-core";
import { median } from "./measure.js";

/** Several words, names in other alphabets, what finds nothing and what finds everything. */
export const SOUGHT: readonly string[] = ["петр", "иванов приговор", "ничего такого", "с", "ELKA", "ёлка надежда", ""];

/** How long a search for each of {@link SOUGHT} takes on a page of cases, until what it found is laid out; ms. */
export function searchTimes(page: Page): Promise<number[]> {
  return page.evaluate(async (sought) => {
    const found: number[] = [];
    for (const words of sought) {
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
  }, SOUGHT);
}

/** The times of searches as words. */
export function saySearches(times: readonly number[]): string {
  return `a search takes ${median(times).toFixed(0)} ms, at most ${Math.max(...times).toFixed(0)} ms`;
}

/** Says who works at the page. */
export async function signIn(page: Page): Promise<void> {
  await page.focus("#who");
  await page.keyboard.type("Анна");
}

/** How long it takes from the key that sets a status to the words that it is saved; ms. */
export function saveTimes(page: Page, count: number): Promise<number[]> {
  return page.evaluate(async (saves) => {
    const told = document.querySelector(".told-saved");
    document.querySelector<HTMLElement>(".case > summary")?.focus();
    const found: number[] = [];
    for (let at = 0; at < saves; at += 1) {
      if (told !== null) told.textContent = "";
      const started = performance.now();
      const saved = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(null);
        });
        if (told !== null) observer.observe(told, { childList: true, characterData: true });
      });
      const code = `Digit${1 + (at % 5)}`;
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true }));
      await saved;
      found.push(performance.now() - started);
    }
    return found;
  }, count);
}
