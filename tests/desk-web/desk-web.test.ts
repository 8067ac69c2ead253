import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../src/cases/index.js";
import { textOf } from "../../src/desk-web/data.js";
import { type CaseFilter, select, tally } from "../../src/desk-web/filter.js";
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

  it("is kept if it is a line feed or tab of a letter", () => {
    expect(showLetter("a\n\tb\u202e\r")).toBe("a\n\tb⟨U+202E⟩⟨U+000D⟩");
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
