import { hasName, nameKey, namesIn, stem } from "../people/index.js";

/** Makes spellings of a word equal: capitals, ё and е, apostrophes, spaces, forms of the same letter. */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").replaceAll("’", "'").replace(/\s+/g, " ");
}

/** A word of a search. */
export interface SearchWord {
  /** Normalised, and without an ending. */
  readonly stem: string;
  /** Finds it as a name in either alphabet, or null. */
  readonly name: string | null;
}

/** A text to search. Names in it are found in any case and alphabet. */
export class SearchText {
  readonly #source: () => string;
  #text: string | null = null;
  #names: string | null = null;

  /** @param source gives the text, once for its words, and once for its names */
  constructor(source: () => string) {
    this.#source = source;
  }

  /** Does ahead, in idle time, what the first search needs. */
  prepare(): void {
    this.#hasName("");
    this.#hasWord("");
  }

  /** Whether it contains every one of `words`. */
  matches(words: readonly SearchWord[]): boolean {
    return words.every(({ stem, name }) => this.#hasWord(stem) || (name !== null && this.#hasName(name)));
  }

  #hasWord(stem: string): boolean {
    this.#text ??= normalise(this.#source());
    return this.#text.includes(stem);
  }

  #hasName(name: string): boolean {
    this.#names ??= namesIn(this.#source());
    return hasName(this.#names, name);
  }
}

/** The words of a search: `Семёнову` also finds Семёнов and Semyonov, `инсулина` also инсулин. */
export function wordsOf(typed: string): readonly SearchWord[] {
  return normalise(typed)
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => ({ stem: stem(word), name: nameKey(word) }));
}
