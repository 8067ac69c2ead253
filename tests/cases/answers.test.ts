import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packCase, readRecord, unpackCase, withQuestions } from "../../src/cases/index.js";
import { defaultForm, writeLetter } from "../../src/form/index.js";
import { inventedCase } from "../support/cases.js";
import { seeded } from "../support/seed.js";

const form = defaultForm((id) => `Вопрос ${id}`);
const WORDS = { language: "ru", heading: "Письмо", documents: "Документы" };
const read = (answers: unknown, choices?: unknown) =>
  readRecord(
    new TextEncoder().encode(
      JSON.stringify({ format: "postern-submission", version: 1, case: "a".repeat(32), answers, choices }),
    ),
  ).answers;
const typed = (question: string, text: string) => ({ question, text, chosen: [] });

describe("the answers of a submission", () => {
  it("are all there, in the form's order, as letter.txt has them", () => {
    const answers = { message: "Здравствуйте.\n\nПомогите!\n", prisoner: "Иванов Пётр ", charge: "207.3", when: ["a"] };
    expect(read(answers)).toEqual({
      message: typed("", "Здравствуйте.\n\nПомогите!"),
      prisoner: typed("", "Иванов Пётр"),
      charge: typed("", "207.3"),
      when: { question: "", text: "", chosen: ["a"] },
    });
    expect(Object.keys(read(answers))).toEqual(["message", "prisoner", "charge", "when"]);
  });

  it.each([[null], [[]], ["x"], [{ a: 1 }], [{ a: null }], [{ a: [1] }], [{ a: [] }], [{ a: " " }], [{ "B c": "x" }]])(
    "that are malformed count as missing: %j",
    (answers) => {
      expect(read(answers)).toEqual({});
    },
  );

  it("get their questions' words from the letter, whatever people typed", () => {
    const ids = form.questions.filter(({ kind }) => kind !== "files").map(({ id }) => id);
    const answer = fc
      .string({ minLength: 1, unit: fc.constantFrom(..."\n Вопросabя=") })
      .filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...ids), answer), (given) => {
        const inOrder = Object.fromEntries(
          ids.flatMap((id) => (Object.hasOwn(given, id) ? [[id, given[id] ?? ""]] : [])),
        );
        const named = withQuestions(read(inOrder), writeLetter(form, inOrder, [], WORDS));
        for (const [id, { text }] of Object.entries(named)) expect(text).toBe(inOrder[id]?.trimEnd());
      }),
      seeded(500),
    );
    const usual = { message: "Помогите", prisoner: "Иванов", place: "ИК-6" };
    const named = withQuestions(read(usual), writeLetter(form, usual, ["files/01-a"], WORDS));
    expect(Object.values(named).map(({ question }) => question)).toEqual([
      "Вопрос question-message",
      "Вопрос question-prisoner",
      "Вопрос question-place",
    ]);
  });

  it("keep the words of what was chosen, and have none where the letter is another", () => {
    const choices = { help: { question: "Помощь", chosen: [{ value: "a", label: "Обмен" }] } };
    expect(withQuestions(read({ help: ["a"], who: "Иванов" }, choices), "something else")).toEqual({
      help: { question: "Помощь", text: "", chosen: ["Обмен"] },
      who: typed("", "Иванов"),
    });
  });

  it("are looked for in a hostile letter only as often as a form has questions", () => {
    const many = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`q${index}`, `${"я".repeat(50)}${index}`]),
    );
    const answers = withQuestions(read(many), `\n${"я".repeat(100_000)}`);
    expect(Object.keys(answers)).toHaveLength(50_000);
  });
});

describe("a case in a page", () => {
  it("holds no long answer twice, and comes out as it went in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.string({ unit: "binary", maxLength: 200 }),
        (text, more) => {
          const answers = {
            message: typed("?", text),
            who: typed("", more),
            help: { question: "", text: "", chosen: [more] },
          };
          const one = inventedCase({ letter: `Письмо\n\n?\n${text}\n`, answers });
          const both = { ...one, followUps: [{ folder: "f", day: "", documents: [], letter: more, answers }] };
          expect(unpackCase(JSON.parse(JSON.stringify(packCase(both))))).toEqual(both);
        },
      ),
      seeded(500),
    );
    const long = "длинное письмо ".repeat(1_000);
    const one = inventedCase({ letter: `Письмо\n\n${long}\n`, answers: { message: typed("", long) } });
    expect(JSON.stringify(packCase(one)).length).toBeLessThan(long.length + 500);
  });
});
