import { ShareError } from "./share-error.js";
import { WORDS } from "./word-list.js";

/** So many letters tell the words of the list apart. */
const PREFIX = 4;
const PLACES = new Map(WORDS.map((word, place) => [word.slice(0, PREFIX), place]));
const MAX_SUGGESTIONS = 3;
/** Longer input is no share, and is not looked at further. */
const MAX_INPUT_LENGTH = 4_000;

/** The words for `values`, each under 1,024. */
export function toWords(values: readonly number[]): string[] {
  return values.map((value) => WORDS[value] ?? "");
}

/** The words in `typed`: case, numbers, punctuation and line breaks between them do not matter. */
export function wordsIn(typed: string): string[] {
  return (
    typed
      .slice(0, MAX_INPUT_LENGTH)
      .normalize("NFKC")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  );
}

/** The places of `words` in the list. The first four letters decide. @throws ShareError `unknown_word` */
export function fromWords(words: readonly string[]): number[] {
  return words.map((word, index) => {
    const value = PLACES.get(word.slice(0, PREFIX));
    if (value !== undefined) return value;
    const close = suggestions(word);
    const hint = close.length === 0 ? "" : `; did you mean ${close.join(" or ")}?`;
    throw new ShareError("unknown_word", `word ${index + 1} is not in the list${hint}`, index + 1);
  });
}

/** Words of the list that are one typing mistake away, or two if none is. */
function suggestions(typed: string): string[] {
  const distances = WORDS.map((word) => ({ word, distance: distance(typed.slice(0, 12), word) }));
  const least = Math.min(...distances.map((each) => each.distance));
  if (least > 2) return [];
  return distances
    .filter((each) => each.distance === least)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ word }) => word);
}

/** Letters added, removed, changed or swapped with their neighbour between two words. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= left.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + same);
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, at(row - 2, column - 2) + 1);
      }
      rows[row]?.push(best);
    }
  }
  return at(left.length, right.length);
}
