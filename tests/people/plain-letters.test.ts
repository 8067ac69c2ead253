import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowerPlain, namesInPlain } from "../../src/people/plain-letters.js";
import { seeded } from "../support/seed.js";

const LETTER = "Пётр Семёнов-Ковальчук,  ІК-6:\n\tзв’язок «є», Ivan O'Brien — “так”.\u00a0Ґанок ЇЖА XXL";
/** Mostly plain, or nearly every text would hold something else. */
const characters = fc.oneof(
  { weight: 400, arbitrary: fc.constantFrom(..."абвгдеёжАБВЁЇїіґєЄҐ  \n\t’'-.,aZqXÀß") },
  { weight: 100, arbitrary: fc.integer({ min: 0, max: 0x530 }).map((code) => String.fromCharCode(code)) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x2100 }).map((code) => String.fromCharCode(code)) },
);
const texts = fc.string({ unit: characters, maxLength: 60 });

const lowerBySteps = (text: string) =>
  text.normalize("NFKC").toLowerCase().replaceAll("ё", "е").replaceAll("’", "'").replace(/\s+/g, " ");
const namesBySteps = (text: string) => text.match(/\p{Lu}[\p{L}\p{M}'’ʼ]{3,39}|[A-Za-z]{4,40}/gu) ?? [];

describe("a plain text", () => {
  it("is read as the rules of Unicode read it, character by character", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(lowerPlain(text) ?? lowerBySteps(text)).toBe(lowerBySteps(text));
        expect(namesInPlain(text) ?? namesBySteps(text)).toEqual(namesBySteps(text));
      }),
      seeded(5_000),
    );
  });

  it.each([LETTER, "Семёнов".repeat(20), "ABCD".repeat(11)])("is what people write: %j", (text) => {
    expect(lowerPlain(text)).toBe(lowerBySteps(text));
    expect(namesInPlain(text)).toEqual(namesBySteps(text));
  });

  it.each(["e\u0301", "ΣΑΣ", "İ", "№ 6", "…", "ﬁ", "𝐀", "가"])("is not %j", (text) => {
    expect(lowerPlain(text)).toBeNull();
    expect(namesInPlain(text)).toBeNull();
  });

  it("is none of 100,000 characters, which are read in steps", () => {
    expect(lowerPlain("а".repeat(100_000))).toBeNull();
  });
});
