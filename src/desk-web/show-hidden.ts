/** Control characters, those that turn the direction of writing, and fillers that look like nothing: `\p{Cf}` is all of Unicode's. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2065]/gu;

/** What cannot be seen, each shown as its number: `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}

/** The same for a letter, whose lines and tabs are as they should be. */
export function showLetter(text: string): string {
  return text
    .split(/(\n|\t)/)
    .map((part) => (part === "\n" || part === "\t" ? part : showHidden(part)))
    .join("");
}
