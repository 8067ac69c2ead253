import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../src/cases/index.js";
import { textOf } from "../../src/desk-web/data.js";
import { type CaseFilter, select, tally } from "../../src/desk-web/filter.js";
import { blocksOf } from "../../src/desk-web/letter-view.js";
import { questionsIn } from "../../src/desk-web/questions.js";
import { matches, normalise, wordsOf } from "../../src/desk-web/search.js";
import { showHidden, showLetter } from "../../src/desk-web/show-hidden.js";
import { writeCsv } from "../../src/desk-web/table.js";
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

describe("a table for spreadsheets", () => {
  it("quotes every cell after a byte order mark", () => {
    expect(
      writeCsv([
        ["a", 'b"c', "d,e\nf"],
        ["", "ё", "1"],
      ]),
    ).toBe('\ufeff"a","b""c","d,e\nf"\r\n"","ё","1"\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1"])("makes %j harmless", (text) => {
    expect(writeCsv([[text]])).toBe(`\ufeff"'${text}"\r\n`);
  });

  it.each([
    ["Привет;=1+1", "Привет;'=1+1"],
    ["a; @SUM(A1)", "a;' @SUM(A1)"],
    ["Письмо\n=1+1\n-2", "Письмо\n'=1+1\n'-2"],
    ["\t=1", "'\t'=1"],
    ['a;"=1"', `a;'""=1""`],
    ["\uff1d1", "'\uff1d1"],
    [" =1", "' =1"],
    ["2 + 2 = 4; e-mail: a@b.org", "2 + 2 = 4; e-mail: a@b.org"],
  ])("makes %j harmless for programs that split at semicolons and lines", (text, harmless) => {
    expect(writeCsv([[text]])).toBe(`\ufeff"${harmless}"\r\n`);
  });

  it("has no formula in any cell, at whichever separators it is split", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12, unit: fc.constantFrom(..."=+-@;,\t\r\n\"' a") })), (row) => {
        const table = writeCsv([row]).slice(1);
        // As a program set to Russian splits it: at semicolons and lines, after quotes that it has lost count of.
        for (const each of table.split(/[;\t\r\n]/)) expect(each).not.toMatch(/^[\s"]*[=+\-@]/);
      }),
      seeded(2_000),
    );
  });
});

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

describe("a letter in blocks", () => {
  it.each([
    ["", 1],
    ["a", 1],
    ["a".repeat(10_000), 1],
    ["a".repeat(10_001), 2],
    ["a".repeat(100_000), 10],
    [`${"a".repeat(9_000)}\n`.repeat(3), 3],
    ["\n".repeat(20_001), 3],
  ])("is whole, and no block is long: %#", (text, count) => {
    const blocks = blocksOf(text);
    expect(blocks.join("")).toBe(text);
    expect(blocks).toHaveLength(count);
    for (const block of blocks) expect(block.length).toBeLessThanOrEqual(10_000);
  });

  it("is cut after lines where it has any, and never inside a character", () => {
    const line = `${"слово ".repeat(20)}\n`;
    for (const block of blocksOf(line.repeat(1_000))) expect(block.endsWith("\n")).toBe(true);
    for (const block of blocksOf(`a${"😀".repeat(30_000)}`)) {
      expect(block).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|^[\udc00-\udfff]/);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 9_990, maxLength: 10_010 }), (text) => {
        expect(blocksOf(text).join("")).toBe(text);
      }),
      seeded(50),
    );
  });
});

describe("the questions to filter by", () => {
  const asked = (...choices: readonly Case["choices"][]) =>
    questionsIn(choices.map((each) => ({ choices: each }) as Case));
  const choice = (...chosen: readonly string[]) => ({ question: "?", chosen });

  it("are those that most cases answer, with the labels that most of them chose", () => {
    expect(asked({ a: choice("x") }, { b: choice("y"), a: choice("z", "x") }, { a: choice("x") })).toEqual([
      { id: "a", question: "?", labels: ["x", "z"] },
      { id: "b", question: "?", labels: ["y"] },
    ]);
  });

  it("are few, whatever somebody made by hand", () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      [`made-up-${index}`]: choice("x"),
      help: choice(`made up ${index}`, "a lawyer"),
    }));
    const found = asked(...many, { [`${"x".repeat(101)}`]: choice("x") });
    expect(found).toHaveLength(40);
    expect(found[0]).toMatchObject({ id: "help" });
    expect(found[0]?.labels).toHaveLength(100);
    expect(found[0]?.labels[0]).toBe("a lawyer");
  });
});

describe("the filter of cases", () => {
  const one = (id: string, more: Partial<Case> = {}): Case => ({
    id,
    folder: id,
    encrypted: "browser",
    day: "2026-11-23",
    letter: id,
    documents: [],
    language: "ru",
    answerable: true,
    choices: {},
    followUps: [],
    status: "new",
    note: "",
    ...more,
  });
  const document = { name: "a", path: "a", bytes: 1, type: null, picture: false, warnings: [] };
  const cases = [
    one("a", { status: "answered", documents: [document] }),
    one("b", { language: "uk", choices: { help: { question: "?", chosen: ["x", "y"] } } }),
    one("c", { followUps: [{ folder: "f", day: "", letter: "", documents: [document, document] }] }),
  ].map((each) => ({ one: each, text: normalise(each.letter) }));
  const all: CaseFilter = { typed: "", status: "", language: "", documents: "", choices: {}, sort: "new" };

  it.each<[string, Partial<CaseFilter>, string]>([
    ["all", {}, "abc"],
    ["a status", { status: "answered" }, "a"],
    ["a language", { language: "uk" }, "b"],
    ["documents, follow-ups included", { documents: "with" }, "ac"],
    ["no documents", { documents: "without" }, "b"],
    ["a choice", { choices: { help: "y" } }, "b"],
    ["any choice", { choices: { help: "" } }, "abc"],
    ["a choice that nobody made", { choices: { help: "z" } }, ""],
    ["a word", { typed: "C" }, "c"],
    ["the oldest first", { sort: "old" }, "cba"],
    ["the most documents first", { sort: "documents" }, "cab"],
  ])("takes %s", (_what, wanted, ids) => {
    expect(
      select(cases, { ...all, ...wanted })
        .map(({ id }) => id)
        .join(""),
    ).toBe(ids);
  });

  it("searches letters, notes, choices and names of documents, follow-ups included", () => {
    const added = { folder: "f", day: "", letter: "Ещё", documents: [{ ...document, name: "приговор.pdf" }] };
    const text = textOf(one("x", { note: "Нотатка", choices: cases[1]?.one.choices ?? {}, followUps: [added] }));
    for (const word of ["x", "Нотатка", "y", "Ещё", "приговор.pdf"]) expect(text).toContain(word);
  });

  it("counts values, the most frequent first", () => {
    expect(tally(["a", "b", "b", "c", "b", "c"])).toEqual([
      ["b", 3],
      ["c", 2],
      ["a", 1],
    ]);
  });
});
