import { WORDS } from "./word-list.js";
import { wordsIn } from "./words.js";

export const MIN_PASSPHRASE_CHARACTERS = 12;
export const MIN_DIFFERENT_CHARACTERS = 6;
/** Seven random words: more than anybody can try against the lock of our keys. */
export const GOOD_BITS = 70;

const LISTED = new Set(WORDS);
const BITS_A_WORD = 10;
/** Of which a repetition makes no more. */
const CHARACTERS_A_LETTER = 3;

/** A floor only: no rule tells a good passphrase from a known sentence. */
export function isWeakPassphrase(passphrase: string): boolean {
  const characters = [...passphrase];
  return characters.length < MIN_PASSPHRASE_CHARACTERS || new Set(characters).size < MIN_DIFFERENT_CHARACTERS;
}

/**
 * Bits of `passphrase`, as far as a rule can tell. Words of our list count ten each, once, if there is nothing else;
 * whether they were picked at random nobody can see. Anything else counts as what a person has chosen: 4 bits, 2 for
 * each of the next seven characters, 1.5 for each up to the twentieth, then 1 (NIST SP 800-63-1, appendix A.2.1).
 */
export function passphraseBits(passphrase: string): number {
  const words = wordsIn(passphrase);
  if (words.length > 0 && words.join(" ") === passphrase.trim() && words.every((word) => LISTED.has(word)))
    return BITS_A_WORD * new Set(words).size;
  const characters = [...passphrase];
  const length = Math.min(characters.length, CHARACTERS_A_LETTER * new Set(characters).size);
  const between = (from: number, to: number) => Math.max(0, Math.min(length, to) - from);
  return 4 * between(0, 1) + 2 * between(1, 8) + 1.5 * between(8, 20) + between(20, Number.POSITIVE_INFINITY);
}
