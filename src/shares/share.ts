import { CHECKSUM_WORDS, checksum, isWhole, swappedPlace, wrongPlaces } from "./checksum.js";
import { ShareError } from "./share-error.js";
import { fromWords, toWords, wordsIn } from "./words.js";

/** One share of a secret. */
export interface Share {
  /** Random, 20 bits: the same in all shares of one split. */
  readonly set: number;
  /** How many shares are needed, from 2 to 255. */
  readonly need: number;
  /** Where the polynomials are evaluated, from 1 to 255: different in all shares of one split. */
  readonly x: number;
  /** The value of each byte's polynomial there: {@link SHARE_BYTES}. */
  readonly data: Uint8Array;
}

/** 16 bytes of the secret, and four of its digest. */
export const SHARE_BYTES = 20;

/** Two words for the set, one for what is needed, one for x, and the checksum at the end. */
const HEAD_WORDS = 4;
const DATA_WORDS = (SHARE_BYTES * 8) / 10;
export const SHARE_WORDS = HEAD_WORDS + DATA_WORDS + CHECKSUM_WORDS;

/** A share as the words that people write down: {@link SHARE_WORDS}. */
export function writeShare({ set, need, x, data }: Share): string[] {
  const values = [set >> 10, set & 1023, need, x, ...toTens(data)];
  return toWords([...values, ...checksum(values)]);
}

/** The share in `typed`. @throws ShareError that names the word that is wrong, if one is */
export function readShare(typed: string): Share {
  const words = wordsIn(typed);
  const values = fromWords(words);
  if (values.length !== SHARE_WORDS) {
    const code = values.length < SHARE_WORDS ? "missing_words" : "extra_words";
    throw new ShareError(code, `a share has ${SHARE_WORDS} words, and this one has ${values.length}`);
  }
  if (!isWhole(values)) throw mistyped(values);
  const [high = 0, low = 0, need = 0, x = 0] = values;
  // The two highest bits of both words are for later versions.
  if (need > 255 || x > 255) throw new ShareError("unknown_version", "this share is of a kind that is not known yet");
  return { set: (high << 10) | low, need, x, data: fromTens(values.slice(HEAD_WORDS, HEAD_WORDS + DATA_WORDS)) };
}

function mistyped(values: readonly number[]): ShareError {
  const [place, ...others] = wrongPlaces(values);
  if (place !== undefined && others.length === 0) {
    return new ShareError("wrong_word", `word ${place + 1} is in the list, but does not belong there`, place + 1);
  }
  const swapped = swappedPlace(values);
  if (swapped !== null) {
    const [first, second] = [swapped + 1, swapped + 2];
    return new ShareError("swapped_words", `words ${first} and ${second} are swapped`, first);
  }
  return new ShareError("wrong_words", "more than one word is wrong: compare each with the paper");
}

/** Bytes as numbers of ten bits, the highest bit first. */
function toTens(bytes: Uint8Array): number[] {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{10}/g) ?? []).map((ten) => Number.parseInt(ten, 2));
}

function fromTens(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = values.map((value) => value.toString(2).padStart(10, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
