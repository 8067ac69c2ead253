import { hasName, lowerPlain, nameKey, namesIn, stem } from "../people/index.js";

/** Any space but a single plain one: to replace each space of a letter takes ten times as long. */
const UNEVEN_SPACE = /[^\S ]\s*| \s+/g;

/** Makes spellings of a word equal: capitals, ё and е, apostrophes, spaces, forms of the same letter. */
export function normalise(text: string): string {
  return (
    lowerPlain(text) ??
    text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").replaceAll("’", "'").replace(UNEVEN_SPACE, " ")
  );
}

/** A word of a search. */
export interface SearchWord {
  /** Normalised, and without an ending. */
  readonly stem: string;
  /** Finds it as a name in either alphabet, or null. */
  readonly name: string | null;
  /** As the beginning of a document's SHA-256, or null. */
  readonly digest: string | null;
}

/** Eight hexadecimal digits are as many as people compare. */
const DIGEST = /^[0-9a-f]{8,64}$/;

/** A text to search. Names in it are found in any case and alphabet. */
export class SearchText {
  readonly #source: () => string;
  #read: { readonly text: string; readonly names: string } | null = null;

  /** @param source gives the text, once */
  constructor(source: () => string) {
    this.#source = source;
  }

  /** Does ahead what the first search needs. */
  prepare(): void {
    this.#reading();
  }

  /** Whether it contains every one of `words`. */
  matches(words: readonly SearchWord[]): boolean {
    return words.every((word) => this.has(word));
  }

  has({ stem, name }: SearchWord): boolean {
    const { text, names } = this.#reading();
    return text.includes(stem) || (name !== null && hasName(names, name));
  }

  #reading() {
    if (this.#read === null) {
      const source = this.#source();
      this.#read = { text: normalise(source), names: namesIn(source) };
    }
    return this.#read;
  }
}

/** The words of a search: `Семёнову` also finds Семёнов and Semyonov, `инсулина` also инсулин. */
export function wordsOf(typed: string): readonly SearchWord[] {
  return normalise(typed)
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => ({ stem: stem(word), name: nameKey(word), digest: DIGEST.test(word) ? word : null }));
}
