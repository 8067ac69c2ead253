import { describe, expect, it } from "vitest";
import {
  diceWords,
  GOOD_BITS,
  isWeakPassphrase,
  OFFERED_WORDS,
  passphraseBits,
  randomWords,
} from "../../src/shares/index.js";

describe("words by dice", () => {
  it.each([
    ["", []],
    ["111", []],
    ["1111", ["academic"]],
    ["1 1 1 2", ["acid"]],
    ["1111 1112, 12", ["academic", "acid"]],
    ["0789", []],
    // 4 · 216 + 4 · 36 + 2 · 6 + 3 = 1,023, the last word.
    ["5534", ["zero"]],
    ["5535", [null]],
    ["6666 1111", [null, "academic"]],
  ])("of %j are %j", (rolls, words) => {
    expect(diceWords(rolls)).toEqual(words);
  });

  it("are all of the list, each by one outcome", () => {
    const sides = ["1", "2", "3", "4", "5", "6"];
    const outcomes = sides.flatMap((a) => sides.flatMap((b) => sides.flatMap((c) => sides.map((d) => a + b + c + d))));
    const words = diceWords(outcomes.join(" "));
    expect(words).toHaveLength(1_296);
    expect(new Set(words.filter((word) => word !== null)).size).toBe(1_024);
    expect(words.filter((word) => word === null)).toHaveLength(272);
  });
});

describe("the strength of a passphrase", () => {
  it("of words that we offer is good, and of one word less is not", () => {
    const words = "academic acid acne acquire acrobat activity actress".split(" ");
    expect(words).toHaveLength(OFFERED_WORDS);
    expect(passphraseBits(words.join(" "))).toBe(GOOD_BITS);
    expect(passphraseBits(words.slice(1).join(" "))).toBe(GOOD_BITS - 10);
    expect(isWeakPassphrase(randomWords(OFFERED_WORDS).join(" "))).toBe(false);
  });

  it.each([
    ["", 0],
    ["x", 4],
    ["correct!", 18],
    ["correct horse", 25.5],
    ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 8],
    ["academic academic academic", 10],
    ["academic acid!", 27],
    ["правильний кінь батарея скріпка", 47],
  ])("of %j is some %d bits", (passphrase, bits) => {
    expect(passphraseBits(passphrase)).toBe(bits);
  });

  it.each([
    ["eleven char", true],
    ["twelve chars", false],
    ["aaaaaaaaaaaaaaaaaaaa", true],
    ["abcdeabcdeabcde", true],
    ["abcdefabcdef", false],
  ])("%j is refused: %s", (passphrase, refused) => {
    expect(isWeakPassphrase(passphrase)).toBe(refused);
  });
});
