import axe from "axe-core";
import type { Page } from "puppeteer-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe-core finds wrong. */
export async function violations(page: Page): Promise<string[]> {
  // The page keeps it until it is left.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, RULES);
}

/** What a browser may send to a spell checker, translator or writing assistant of its maker. */
export function sharedWithOthers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shared = ["[contenteditable]", '[translate="yes"]', '[spellcheck="true"]'].flatMap((selector) => [
      ...document.querySelectorAll(selector),
    ]);
    const found = shared.map(({ outerHTML }) => outerHTML.slice(0, 80));
    if (document.documentElement.translate) found.push("the page is translated");
    if (document.querySelector('meta[name="google"][content="notranslate"]') === null) found.push("no notranslate");
    for (const field of document.querySelectorAll<HTMLInputElement>('textarea, input[type="text"]')) {
      const { id, spellcheck, translate, autocomplete } = field;
      const kept =
        !spellcheck &&
        !translate &&
        autocomplete === "off" &&
        field.getAttribute("autocorrect") === "off" &&
        field.getAttribute("writingsuggestions") === "false" &&
        /^(?:none|sentences)$/.test(field.getAttribute("autocapitalize") ?? "");
      if (!kept) found.push(id);
    }
    return found;
  });
}
