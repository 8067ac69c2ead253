import { WORDS } from "./word-list.js";

const DICE = 4;
const SIDES = 6;

/**
 * The words that `rolls` of a die name, four rolls a word: the digits 1 to 6 in it, as one reads them. Four dice have
 * 1,296 outcomes for 1,024 words, so null stands where they name none and are to be rolled again. Rolls that do not yet
 * make a word are left out.
 */
export function diceWords(rolls: string): (string | null)[] {
  const digits = [...(rolls.match(/[1-6]/g) ?? [])].map((digit) => Number(digit) - 1);
  const words: (string | null)[] = [];
  for (let at = 0; at + DICE <= digits.length; at += DICE) {
    const place = digits.slice(at, at + DICE).reduce((sum, digit) => sum * SIDES + digit, 0);
    words.push(WORDS[place] ?? null);
  }
  return words;
}
