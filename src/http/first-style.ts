import { hashSource } from "./hash-source.js";
import { loadStylesheet } from "./stylesheet.js";

/** A stylesheet that stands in the page itself, and the Content-Security-Policy source that allows it. */
export interface InlineStyle {
  readonly text: string;
  readonly source: string;
}

/** What a page looks like that does not wait for its stylesheet. */
export const FIRST_STYLE = inlineStyle("first.css");

/** @throws Error where markup would escape a character: browsers would read another text than the digest is of */
function inlineStyle(name: string): InlineStyle {
  const text = loadStylesheet(name).contents.toString();
  if (/[<>&"]/.test(text)) throw new Error(`${name} cannot stand in a page`);
  return { text, source: hashSource(text) };
}
