import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Case, questionsIn, readRecord, tableOf, writeCsv, writeJson } from "../../src/cases/index.js";
import { seeded } from "../support/seed.js";

describe("a table for spreadsheets", () => {
  it("quotes every cell after a byte order mark", () => {
    expect(
      writeCsv([
        ["a", 'b"c', "d,e\nf"],
        ["", "ё", "1"],
      ]),
    ).toBe('\ufeff"a","b""c","d,e\nf"\r\n"","ё","1"\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t1"])("makes %j harmless", (text) => {
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

describe("a cell", () => {
  it.each([
    ["\r1", "⟨U+000D⟩1"],
    ["a\u0000b\u001b[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m"],
    ["invoice\u202egpj", "invoice⟨U+202E⟩gpj"],
    ["\u202e=1+1", "⟨U+202E⟩=1+1"],
    ["\n=1", "\n'=1"],
  ])("shows what cannot be seen: %j", (text, shown) => {
    expect(writeCsv([[text]])).toBe(`\ufeff"${shown}"\r\n`);
  });

  it.each([
    [31_999, false],
    [32_000, false],
    [32_001, true],
    [5_000_000, true],
  ])("of %i characters fits a spreadsheet's, and says if it was cut", (length, isCut) => {
    const table = writeCsv([["я".repeat(length)]]);
    expect(table.length).toBeLessThan(32_100);
    expect(table.includes(" […]")).toBe(isCut);
  });

  it("is never cut inside a character, and holds no formula after the cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.constantFrom("\u202e", "😀", "=", ";="),
        (text, end) => {
          const table = writeCsv([[text + end.repeat(20_000)]]);
          expect(table.length).toBeLessThan(70_000);
          expect(table.slice(1)).not.toMatch(/[;\n]\s*[=+@]/);
          expect(table.endsWith('\ud83d […]"\r\n')).toBe(false);
        },
      ),
      seeded(200),
    );
  });
});

const read = (record: Record<string, unknown>) =>
  readRecord(
    new TextEncoder().encode(
      JSON.stringify({ format: "postern-submission", version: 1, case: "a".repeat(32), ...record }),
    ),
  ).answers;

const caseOf = (answers: Case["answers"], followUps: readonly Case["answers"][] = []): Case => ({
  id: "a".repeat(32),
  folder: "submission-aaaaaaaa",
  day: "2026-11-23",
  language: "ru",
  encrypted: "browser",
  letter: "Письмо",
  answers,
  documents: [],
  answerable: true,
  followUps: followUps.map((each) => ({ folder: "f", day: "", letter: "", answers: each, documents: [] })),
  status: "new",
  note: "",
});

describe("the table of cases", () => {
  it("has a column for each question, by its id, with what was typed, the labels chosen, and follow-ups' answers", () => {
    const choices = {
      help: {
        question: "Помощь",
        chosen: [
          { value: "a", label: "Обмен" },
          { value: "b", label: "Врач" },
        ],
      },
    };
    const first = caseOf(read({ answers: { prisoner: "Иванов", help: ["a", "b"] }, choices }), [
      read({ answers: { prisoner: "Петров", contact: "+7" } }),
    ]);
    const cases = [first, caseOf(read({ answers: { prisoner: "=cmd" } }))];
    const [head, ...rows] = tableOf(cases, questionsIn(cases));
    expect(head?.slice(-4)).toEqual(["prisoner", "help", "contact", "letter"]);
    expect(rows[0]?.slice(-4)).toEqual(["Иванов; Петров", "Обмен; Врач", "+7", "Письмо"]);
    expect(rows[1]?.slice(-4)).toEqual(["=cmd", "", "", "Письмо"]);
    expect(writeCsv(rows)).toContain(`"'=cmd"`);
  });

  it("has as many cells in each row, whatever ids a record made by hand names", () => {
    const hostile = `{"format":"postern-submission","version":1,"case":"${"a".repeat(32)}","answers":
      {"constructor":"x","__proto__":"x","to_string":"y","valueOf":"z","status":"own","letter":["l"],"A B":"c","":"d"}}`;
    const { answers } = readRecord(new TextEncoder().encode(hostile));
    expect(Object.keys(answers)).toEqual(["to_string", "status", "letter"]);
    const cases = [caseOf(answers), caseOf({})];
    const rows = tableOf(cases, questionsIn(cases));
    expect(rows[0]).toContain("answer-status");
    expect(rows[0]).toContain("answer-letter");
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  });
});

describe("JSON of cases", () => {
  it("holds the same, with every invisible character as its number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = writeJson([{ [text]: `\u202e\u009b${text}\u{e0041}` }]);
        expect(JSON.parse(json)).toEqual([{ [text]: `\u202e\u009b${text}\u{e0041}` }]);
        expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      seeded(300),
    );
  });
});
