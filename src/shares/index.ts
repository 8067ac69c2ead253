export { randomWords } from "./random-words.js";
export { newSecret, readSecretLine, secretLine } from "./secret-line.js";
export { readShare, SHARE_WORDS, type Share, writeShare } from "./share.js";
export { JoinError, ShareError, type ShareFault, SplitError } from "./share-error.js";
export { joinShares, MAX_SHARES, splitSecret } from "./split.js";
export { wordsIn } from "./words.js";
