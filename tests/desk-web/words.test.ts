import { describe, expect, it } from "vitest";
import { Locale } from "../../src/desk-web/words.js";

describe("the formats of a page", () => {
  it("say days as Intl does, in each language and for any number", () => {
    const locale = new Locale({});
    for (const language of ["uk", "ru", "en"]) {
      locale.language = language;
      const format = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" });
      for (let days = 0; days < 1_200; days += 1) {
        expect(locale.days(days).replace(/\s/gu, " ")).toBe(format.format(days).replace(/\s/gu, " "));
      }
    }
  });
});
