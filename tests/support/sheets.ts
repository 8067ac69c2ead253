import type { Page, PaperFormat } from "puppeteer-core";
import { expect } from "vitest";

export const PAPERS: readonly PaperFormat[] = ["a4", "letter"];

/** Expects that no numbered word of a list touches another, or leaves a window of `width` pixels. */
export async function expectWordsApart(page: Page, list: string, width: number): Promise<void> {
  await page.setViewport({ width, height: 800 });
  const boxes = await page.$$eval(`${list} > li`, (items) =>
    items.map((item) => {
      const range = document.createRange();
      range.selectNodeContents(item);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { start: item.getBoundingClientRect().left, left, right, top, bottom };
    }),
  );
  expect(boxes.length).toBeGreaterThan(0);
  for (const [index, box] of boxes.entries()) {
    expect(box.right, `word ${index + 1}`).toBeLessThanOrEqual(width);
    // Its number stands before it, within its column.
    expect(box.left, `word ${index + 1}`).toBeGreaterThan(box.start);
    const touched = boxes.filter(
      ({ start, right, top, bottom }) => start < box.right && right > box.start && top < box.bottom && bottom > box.top,
    );
    expect(touched, `word ${index + 1}`).toHaveLength(1);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
}

/** How many sheets of paper the page takes in Chromium, whose PDF says them in the clear. */
export async function sheetsOf(page: Page, format: PaperFormat): Promise<number> {
  const printed = await page.pdf({ format, margin: { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" } });
  const text = Buffer.from(printed).toString("latin1");
  return [...text.matchAll(/\/Type\s*\/Page\b/g)].length;
}
