import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, normalise, wordsOf } from "../../src/cases/index.js";
import { seeded } from "../support/seed.js";

describe("the search", () => {
  it.each([
    ["пётр", "Иванов ПЕТР"],
    ["петр", "Иванов Пётр"],
    ["алёна смирнова", "Смирнова\n  Алена"],
    ["ґанок", "ҐАНОК"],
    ["зв'язок", "зв’язок"],
    ["ﬁnd", "find"],
    ["", "anything"],
  ])("finds %j in %j", (typed, text) => {
    expect(matches(normalise(text), wordsOf(typed))).toBe(true);
  });

  it.each([
    ["петр сидоров", "Иванов Пётр"],
    ["гана", "Ганна"],
    ["и", "і"],
  ])("does not find %j in %j", (typed, text) => {
    expect(matches(normalise(text), wordsOf(typed))).toBe(false);
  });

  it("finds every word of a text in that text, in any spelling", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(matches(normalise(text), wordsOf(text.toUpperCase().toLowerCase()))).toBe(
          wordsOf(text.toUpperCase().toLowerCase()).every((word) => normalise(text).includes(word)),
        );
        expect(matches(normalise(text), wordsOf(text))).toBe(true);
      }),
      seeded(1_000),
    );
  });
});
