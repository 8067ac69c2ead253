import { toWords } from "./words.js";

/** Ten bits of a random number tell which of 1,024 words it is. */
const PLACE = 0b11_1111_1111;

/** Words that we offer for a passphrase: 70 bits. */
export const OFFERED_WORDS = 7;

/** `count` words of the list, each picked at random: ten bits a word. */
export function randomWords(count: number): string[] {
  return toWords(Array.from(crypto.getRandomValues(new Uint16Array(count)), (number) => number & PLACE));
}
