/** How people type a word and how it stands in a letter may differ: capitals, ё, spaces, forms of the same letter. */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").replaceAll("’", "'").replace(/\s+/g, " ");
}

/** Whether each word of what was asked for is somewhere in `text`, which is normalised already. */
export function matches(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** The words of what was typed into the search. */
export function wordsOf(typed: string): readonly string[] {
  return normalise(typed)
    .split(" ")
    .filter((word) => word !== "");
}
