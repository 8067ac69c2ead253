export { diceWords } from "./dice-words.js";
export {
  GOOD_BITS,
  isWeakPassphrase,
  MIN_DIFFERENT_CHARACTERS,
  MIN_PASSPHRASE_CHARACTERS,
  passphraseBits,
} from "./passphrase-strength.js";
export { OFFERED_WORDS, randomWords } from "./random-words.js";
export { newSecret, readSecretLine, secretLine } from "./secret-line.js";
export { readShare, SHARE_WORDS, type Share, writeShare } from "./share.js";
export { JoinError, ShareError, type ShareFault, SplitError } from "./share-error.js";
export { joinShares, MAX_SHARES, splitSecret } from "./split.js";
export { wordsIn } from "./words.js";
