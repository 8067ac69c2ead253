import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDate, sayDate } from "../../src/form/date.js";

describe("a date", () => {
  it.each([
    ["31.12.2024", "2024-12-31"],
    ["1.2.1990", "1990-02-01"],
    [" 01 . 02 . 1990 ", "1990-02-01"],
    ["01.02.1990.", "1990-02-01"],
    ["2024-02-29", "2024-02-29"],
    ["29.2.2000", "2000-02-29"],
    ["1.1.0099", "0099-01-01"],
    ["31.12.9999", "9999-12-31"],
  ])("is read from %j", (typed, day) => {
    expect(parseDate(typed)).toBe(day);
  });

  it.each([
    "",
    "давно",
    "2024",
    "12.2024",
    "31.2.2024",
    "29.2.1900",
    "0.1.2024",
    "1.0.2024",
    "1.13.2024",
    "1.1.24",
    "1.1.0000",
    "1/2/2024",
    "2024-2-1",
    "2024-13-01",
    "1.2.20245",
    "01.02.1990 x",
  ])("is not read from %j", (typed) => {
    expect(parseDate(typed)).toBeNull();
  });

  it("is stable once read, whatever was typed", () => {
    const digits = fc.integer({ min: 0, max: 99 });
    const typed = fc.oneof(
      fc.tuple(digits, digits, fc.integer({ min: 0, max: 9999 })).map((parts) => parts.join(".")),
      fc.string(),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const day = parseDate(text);
        if (day !== null) expect(parseDate(day)).toBe(day);
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  it.each([
    ["ru", "31 декабря 2024 г."],
    ["uk", "31 грудня 2024 р."],
    ["en", "December 31, 2024"],
  ])("is written out for the locale: %s", (language, words) => {
    expect(sayDate("2024-12-31", language)).toBe(words);
  });
});
