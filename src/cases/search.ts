/** Makes spellings of a word equal: capitals, ё and е, apostrophes, spaces, forms of the same letter. */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").replaceAll("’", "'").replace(/\s+/g, " ");
}

/** Whether `text`, which must be normalised, contains every one of `words`. */
export function matches(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** The normalised words of a search. */
export function wordsOf(typed: string): readonly string[] {
  return normalise(typed)
    .split(" ")
    .filter((word) => word !== "");
}
