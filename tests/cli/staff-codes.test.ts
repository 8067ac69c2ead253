import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ADVICE } from "../../src/cli/advice.js";

const GUIDES = ["STAFF.md", "STAFF.uk.md"];
const guide = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
/** The rows of the table of codes: the codes, and what to do. */
const rowsOf = (name: string) =>
  [...guide(name).matchAll(/^\| (`\([a-z_]+\)`(?:, `\([a-z_]+\)`)*) \| (.+) \|$/gm)].map(
    ([, codes = "", advice = ""]) => ({
      codes: [...codes.matchAll(/\(([a-z_]+)\)/g)].map(([, code = ""]) => code),
      advice,
    }),
  );

describe("the guides for staff", () => {
  it.each(GUIDES)("say what to do about each code of a refusal: %s", (name) => {
    const codes = new Set(rowsOf(name).flatMap((row) => row.codes));
    expect(Object.keys(ADVICE).filter((code) => !codes.has(code))).toEqual([]);
  });

  it("have the same rows in both languages", () => {
    const [english, ukrainian] = GUIDES.map((name) => rowsOf(name).map(({ codes }) => codes.join()));
    expect(ukrainian).toEqual(english);
    for (const { advice } of rowsOf("STAFF.uk.md")) expect(advice).toMatch(/[а-щьюяєіїґ]/i);
  });
});
