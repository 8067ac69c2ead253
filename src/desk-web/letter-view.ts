import { showLetter } from "../cases/index.js";
import { make } from "../dom/index.js";

/** Characters of one block. Chromium's time for a line without a space grows with the square of its length. */
const BLOCK_CHARS = 10_000;

/** A letter in blocks, which a browser lays out one by one as they come into view. */
export function letterView(letter: string): HTMLElement[] {
  return blocksOf(showLetter(letter)).map((text) => make("pre", { class: "letter" }, text));
}

/** Cuts a text after a line where there is one, and never inside a pair of surrogates. */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  for (let at = 0; at < text.length || at === 0; ) {
    const rest = text.slice(at, at + BLOCK_CHARS);
    const line = at + rest.length < text.length ? rest.lastIndexOf("\n") + 1 : 0;
    const block = line > 0 ? rest.slice(0, line) : rest.replace(/[\ud800-\udbff]$/, "");
    // A lone surrogate stays where it is.
    blocks.push(block === "" ? rest : block);
    at += Math.max(1, (block === "" ? rest : block).length);
  }
  return blocks;
}
