import { Fault } from "../core/index.js";

/**
 * What is wrong with one share as typed. `unknown_word`: a word is not in the list. `wrong_word`: a word of the list
 * stands where another belongs. `swapped_words`: two neighbours are swapped. `wrong_words`: more than one is wrong.
 * `missing_words`, `extra_words`: not 23 words. `unknown_version`: a later version of Postern wrote it.
 */
export type ShareFault =
  | "unknown_word"
  | "wrong_word"
  | "swapped_words"
  | "wrong_words"
  | "missing_words"
  | "extra_words"
  | "unknown_version";

export class ShareError extends Fault<ShareFault> {
  /** The place of the word that is wrong, from 1; null if no single word is. */
  readonly word: number | null;

  constructor(code: ShareFault, message: string, word: number | null = null) {
    super(code, message);
    this.word = word;
  }
}

/**
 * Why whole shares do not give their secret. `other_set`: they come from different splits. `twice`: one is given
 * twice, and another is missing. `too_few`: more are needed. `false_share`: each is whole, but one was made up.
 */
export class JoinError extends Fault<"other_set" | "twice" | "too_few" | "false_share"> {
  /** Places in the list given, from 1, of the shares at fault; empty if it cannot be told which. */
  readonly shares: readonly number[];

  constructor(code: JoinError["code"], message: string, shares: readonly number[] = []) {
    super(code, message);
    this.shares = shares;
  }
}

export class SplitError extends Fault<"bad_count" | "bad_secret"> {}
