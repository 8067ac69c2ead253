import { expect, it } from "vitest";
import { randomWords, wordsIn } from "../../src/shares/index.js";
import { WORDS } from "../../src/shares/word-list.js";

it("picks from the whole list, so that each word is worth ten bits", () => {
  const picked = randomWords(20_000);
  expect(picked).toHaveLength(20_000);
  // One word of 1,024 is missing from 20,000 with a chance of 1 in 300,000.
  expect(new Set(picked)).toEqual(new Set(WORDS));
  expect(WORDS).toHaveLength(1_024);
});

it("picks others each time", () => {
  expect(randomWords(7)).not.toEqual(randomWords(7));
  expect(wordsIn(randomWords(7).join(" "))).toHaveLength(7);
});
