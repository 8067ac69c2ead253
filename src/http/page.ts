import { renderToString } from "preact-render-to-string";

/** A whole document. */
export function render(page: Parameters<typeof renderToString>[0]): string {
  return `<!doctype html>\n${renderToString(page)}\n`;
}
