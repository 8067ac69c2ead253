import { describe, expect, it } from "vitest";
import { showHidden, showLetter } from "../../src/cases/index.js";

describe("an invisible character", () => {
  it.each([
    ["invoice\u202egpj.exe", "invoice⟨U+202E⟩gpj.exe"],
    ["a\u0000b\u001b[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m"],
    ["a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"],
    ["a\u00adb\u180e\u3164", "a⟨U+00AD⟩b⟨U+180E⟩⟨U+3164⟩"],
    ["a\u{e0041}", "a⟨U+E0041⟩"],
    ["Иванов Пётр, п’ять", "Иванов Пётр, п’ять"],
  ])("is shown: %j", (text, shown) => {
    expect(showHidden(text)).toBe(shown);
  });

  it("that is one of many marks on a letter is not shown: no language has as many", () => {
    const marks = (count: number) => `e${"\u0301".repeat(count)}f`;
    expect(showHidden(marks(8))).toBe(marks(8));
    expect(showHidden(marks(9))).toBe(`${marks(8).slice(0, -1)}⟨…⟩f`);
    expect(showHidden(marks(100_000))).toHaveLength(1 + 8 + 3 + 1);
  });

  it("is kept if it is a line feed or tab of a letter", () => {
    expect(showLetter("a\n\tb\u202e\r")).toBe("a\n\tb⟨U+202E⟩⟨U+000D⟩");
  });
});
