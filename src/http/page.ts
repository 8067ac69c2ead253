import { renderToString } from "preact-render-to-string";

/** Renders a complete HTML document. */
export function render(page: Parameters<typeof renderToString>[0]): string {
  return `<!doctype html>\n${renderToString(page)}\n`;
}
