import { fold, withoutEnding } from "./fold.js";
import { namesInPlain } from "./plain-letters.js";

/** Shorter keys would find half a letter. */
const MIN_KEY_LETTERS = 4;
/** Begins each name in {@link namesIn}. */
const MARK = "\u0001";
/** Words with a capital, and whatever is in Latin letters. */
const NAMES = /\p{Lu}[\p{L}\p{M}'’ʼ]{3,39}|[A-Za-z]{4,40}/gu;

/** The names in a text, folded, for {@link hasName}. Each is there once. */
export function namesIn(text: string): string {
  const found = new Set(namesInPlain(text) ?? text.match(NAMES) ?? []);
  return MARK + [...new Set([...found].map(foldKnown))].join(MARK);
}

/** Letters share most of their words. It forgets all once it is full: somebody may send nothing but new ones. */
const MAX_KNOWN = 50_000;
const known = new Map<string, string>();

function foldKnown(word: string): string {
  const before = known.get(word);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const folded = fold(word);
  known.set(word, folded);
  return folded;
}

/** What finds a name in {@link namesIn} in any case and either alphabet, or null if the word is too short for that. */
export function nameKey(word: string): string | null {
  if (!/^[\p{L}\p{M}'’ʼ]+$/u.test(word)) return null;
  const key = withoutEnding(fold(word), MIN_KEY_LETTERS);
  return key.length < MIN_KEY_LETTERS ? null : key;
}

export function hasName(names: string, key: string): boolean {
  return names.includes(MARK + key);
}
