import { compile } from "html-to-text";

/** Characters of HTML that are turned into text. The message itself is kept whole. */
const MAX_HTML_CHARS = 1024 * 1024;

/** Nothing is loaded: images and styles leave no trace, and a link shows where it leads. */
const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_HTML_CHARS, maxDepth: 200, maxChildNodes: 20_000, ellipsis: "…" },
  selectors: [
    { selector: "img", format: "skip" },
    { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** The text of an HTML page as a person would read it. */
export function htmlText(html: string): string {
  return convert(html.slice(0, MAX_HTML_CHARS))
    .replace(/(?![\t\n])\p{Cc}/gu, "")
    .trim();
}
