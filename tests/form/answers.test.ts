import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAnswers, defaultForm, type Form, ownForm, readOwnForm, writeLetter } from "../../src/form/index.js";
import { PRISONERS } from "../support/forms.js";

const say = (id: string) => `[${id}]`;
const usual = defaultForm(say);
const prisoners: Form = ownForm(readOwnForm(PRISONERS, ["ru", "uk", "en"]), "ru", say);

const check = (fields: Record<string, unknown>, documents: readonly string[] = []) =>
  checkAnswers(usual, fields, documents);

describe("answers", () => {
  it("are kept as typed, with LF line ends", () => {
    expect(check({ message: "a\r\nb\rc\n", prisoner: " x " })).toEqual({
      answers: { message: "a\nb\nc\n", prisoner: " x " },
      faults: [],
    });
  });

  it("leave out unanswered questions", () => {
    expect(check({ message: "a", prisoner: "", place: "  " }).answers).toEqual({ message: "a" });
  });

  it.each([
    ["an empty form", {}, [], "nothing_written", "message"],
    ["white space only", { message: " \n\t" }, [], "nothing_written", "message"],
    ["only answers that are not enough", { contact: "x" }, [], "nothing_written", "message"],
    ["a line that is too long", { message: "a", writer: "x".repeat(501) }, [], "text_too_long", "writer"],
    ["a field sent twice", { message: ["a", "b"] }, [], "repeated_field", "message"],
    ["an unknown field", { message: "a", other: "b" }, [], "unknown_field", null],
    ["an unknown field, even empty", { message: "a", other: "" }, [], "unknown_field", null],
    ["text for a question of files", { message: "a", documents: "b" }, [], "unknown_field", null],
    ["a document under an unknown field", { message: "a" }, ["other"], "unknown_field", null],
    ["a document under a question of text", { message: "a" }, ["prisoner"], "unknown_field", null],
  ] as const)("are refused for %s", (_what, fields, documents, fault, question) => {
    expect(check(fields, documents).faults).toEqual([{ code: fault, question }]);
  });

  it("may be no more than a document", () => {
    expect(check({ documents: "" }, ["documents"])).toEqual({ answers: {}, faults: [] });
  });

  it("report all faults at once, in the form's order", () => {
    const fields = { born: "31.02.1990", relation: "other", charge: "x".repeat(1001), request: [] };
    expect(checkAnswers(prisoners, fields, []).faults).toEqual([
      { code: "required", question: "prisoner" },
      { code: "not_a_date", question: "born" },
      { code: "required", question: "relation-other" },
      { code: "text_too_long", question: "charge" },
      { code: "required", question: "request" },
    ]);
  });

  const enough = { prisoner: "x", relation: "child", request: "lawyer" };
  const checkOwn = (fields: Record<string, unknown>) => checkAnswers(prisoners, { ...enough, ...fields }, []);

  it.each([
    ["one of several choices", { request: "lawyer" }, { request: ["lawyer"] }],
    ["several, in the form's order", { request: ["other", "exchange"] }, { request: ["exchange", "other"] }],
    ["the same choice twice", { request: ["other", "other"] }, { request: ["other"] }],
    ["a day as people write it", { born: " 1.2.1990 " }, { born: "1990-02-01" }],
    ["a choice not to answer", { state: "" }, {}],
    ["what was asked only in another case", { "relation-other": "y" }, { "relation-other": "y" }],
  ])("take %s", (_what, fields, answers) => {
    expect(checkOwn(fields)).toEqual({
      answers: { prisoner: "x", relation: "child", request: ["lawyer"], ...answers },
      faults: [],
    });
  });

  it.each([
    ["a choice that there is not", { relation: "cat" }, { code: "unknown_choice", question: "relation" }],
    ["the label of a choice", { relation: "Сын или дочь" }, { code: "unknown_choice", question: "relation" }],
    ["one bad choice among good ones", { request: ["lawyer", "cat"] }, { code: "unknown_choice", question: "request" }],
    [
      "two answers where there is one",
      { relation: ["child", "other"] },
      { code: "repeated_field", question: "relation" },
    ],
    [
      "what is no text among choices",
      { request: ["lawyer", { a: 1 }] },
      { code: "unknown_choice", question: "request" },
    ],
    ["no day", { born: "давно" }, { code: "not_a_date", question: "born" }],
    ["an answer missing where it was asked", { relation: "other" }, { code: "required", question: "relation-other" }],
  ])("are refused for %s", (_what, fields, fault) => {
    expect(checkOwn(fields).faults).toEqual([fault]);
  });

  it("that are not a date are kept as typed, to be shown again", () => {
    expect(checkOwn({ born: "давно" }).answers.born).toBe("давно");
  });

  it.each([
    ["the default form", usual],
    ["a form of every kind of question", prisoners],
  ])("never crash the check, whatever the client sends: %s", (_which, form) => {
    const own = form.questions.map(({ id }) => id);
    const values = form.questions.flatMap(({ choices }) => choices.map(({ value }) => value));
    const text = fc.oneof(fc.string(), fc.constantFrom("31.12.2024", "", ...values));
    const value = fc.oneof(text, fc.array(text), fc.object(), fc.constant(null), fc.integer());
    const name = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", ...own));
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.array(name), (fields, documents) => {
        const { answers, faults } = checkAnswers(form, fields, documents);
        for (const id of Object.keys(answers)) expect(own).toContain(id);
        // Accepted answers are accepted again.
        if (faults.length === 0) expect(checkAnswers(form, answers, documents)).toEqual({ answers, faults });
        writeLetter(form, faults.length === 0 ? answers : {}, [], words);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});

const words = { language: "ru", heading: "Письмо", documents: "Документы" };

describe("letter.txt", () => {
  it("holds the answers in the form's order, then the documents", () => {
    expect(writeLetter(usual, { prisoner: "Пётр", message: "Привет\n\n" }, ["01-a.pdf", "02-b.pdf"], words)).toBe(
      "Письмо\n\n[question-message]\nПривет\n\n[question-prisoner]\nПётр\n\nДокументы\n01-a.pdf\n02-b.pdf\n",
    );
  });

  it("has the labels of choices, and dates in words", () => {
    const answers = { born: "1990-02-01", relation: "child", request: ["exchange", "lawyer"] };
    expect(writeLetter(prisoners, answers, [], words)).toBe(
      "Письмо\n\nДата рождения\n1 февраля 1990 г.\n\nКем вам приходится этот человек\nСын или дочь\n\n" +
        "Какая помощь нужна\nОбмен\nАдвокат\n",
    );
  });

  it("has no empty sections", () => {
    expect(writeLetter(usual, {}, [], words)).toBe("Письмо\n");
  });
});
