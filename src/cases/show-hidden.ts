/** Control characters, format characters such as changes of direction (`\p{Cf}`), and invisible fillers. */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2065]/gu;

/** More marks on one letter than any language has: they cover the lines around, and Chromium needs minutes for some. */
const STACKED = /(\p{M}{8})\p{M}+/gu;

/** Replaces each invisible character by its code point: `⟨U+202E⟩`, and stacks of marks by `⟨…⟩`. */
export function showHidden(text: string): string {
  return text
    .replace(HIDDEN, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `⟨U+${code}⟩`;
    })
    .replace(STACKED, "$1⟨…⟩");
}

/** The same, but keeps the line feeds and tabs of a letter. */
export function showLetter(text: string): string {
  return text
    .split(/(\n|\t)/)
    .map((part) => (part === "\n" || part === "\t" ? part : showHidden(part)))
    .join("");
}
