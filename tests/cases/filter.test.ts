import { describe, expect, it } from "vitest";
import { type Case, type CaseFilter, NO_FILTER, rewritten, searchable, select, tally } from "../../src/cases/index.js";

const DIGEST = `0badcafe${"d".repeat(56)}`;

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
    answers: {},
    followUps: [],
    status: "new",
    note: "",
    ...more,
  });
  const typed = (text: string) => ({ question: "", text, chosen: [] });
  const document = { name: "a", path: "a", bytes: 1, type: null, picture: false, warnings: [] };
  const cases = [
    one("a", { status: "answered", documents: [{ ...document, sha256: DIGEST }] }),
    one("b", {
      language: "uk",
      answers: { help: { question: "?", text: "", chosen: ["x", "y"] }, who: typed("Иванов Пётр") },
    }),
    one("c", {
      followUps: [
        { folder: "f", day: "", letter: "", answers: { who: typed("Сидорова") }, documents: [document, document] },
      ],
    }),
  ].map(searchable);
  const all = NO_FILTER;

  it.each<[string, Partial<CaseFilter>, string]>([
    ["all", {}, "abc"],
    ["a status", { status: "answered" }, "a"],
    ["the SHA-256 of a document", { typed: DIGEST }, "a"],
    ["its first eight digits, in capitals", { typed: "0BADCAFE" }, "a"],
    ["seven of them, which are too few to tell", { typed: "0badcaf" }, ""],
    ["another document that begins so", { typed: "0badcafee" }, ""],
    ["a language", { language: "uk" }, "b"],
    ["documents, follow-ups included", { documents: "with" }, "ac"],
    ["no documents", { documents: "without" }, "b"],
    ["a choice", { choices: { help: "y" } }, "b"],
    ["any choice", { choices: { help: "" } }, "abc"],
    ["a choice that nobody made", { choices: { help: "z" } }, ""],
    ["words of an answer, in any spelling", { answers: { who: "петр ИВАНОВ" } }, "b"],
    ["words of a follow-up's answer", { answers: { who: "сидоров" } }, "c"],
    ["words of an answer that nobody gave", { answers: { who: "x" } }, ""],
    ["an answer to a question that is a member of every object", { answers: { constructor: "x" } }, ""],
    ["any answer", { answers: { who: " " } }, "abc"],
    ["a word", { typed: "СИДОРОВА" }, "c"],
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
    const added = {
      folder: "f",
      day: "",
      letter: "Ещё",
      answers: { place: typed("ИК-6") },
      documents: [{ ...document, name: "приговор.pdf" }],
    };
    const whole = one("x", { note: "Нотатка", answers: cases[1]?.one.answers ?? {}, followUps: [added] });
    const all = [searchable(whole)];
    for (const typed of ["x", "Нотатка", "y", "Ещё", "приговор.pdf", "ИК-6"])
      expect(select(all, { ...NO_FILTER, typed })).toEqual([whole]);
  });

  it("finds words of which one came and staff wrote another, and after them what staff write since", () => {
    const before = searchable(one("x", { letter: "приговор", note: "позвонить" }));
    const typed = "приговор позвонить";
    expect(select([before], { ...NO_FILTER, typed })).toHaveLength(1);
    const after = rewritten(before, one("x", { letter: "приговор", note: "ответили" }));
    expect(select([after], { ...NO_FILTER, typed })).toEqual([]);
    expect(select([after], { ...NO_FILTER, typed: "приговор ответили" })).toHaveLength(1);
  });

  it("counts values, the most frequent first", () => {
    expect(tally(["a", "b", "b", "c", "b", "c"])).toEqual([
      ["b", 3],
      ["c", 2],
      ["a", 1],
    ]);
  });
});
