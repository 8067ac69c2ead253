/** Control characters and those that turn the direction of writing, each shown as its number: `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (character) => {
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
