import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormError, ownForm, readOwnForm } from "../../src/form/index.js";
import { EXAMPLE, PRISONERS, SHORT } from "../support/forms.js";

const LANGUAGES = ["ru", "uk", "en"];
const words = (text: string) => ({ ru: text, uk: text, en: text });
const line = (id: string, more = {}) => ({ id, kind: "line", label: words(id), ...more });
const choices = (...values: string[]) => values.map((value) => ({ value, label: words(value) }));
const choice = (id: string, more = {}) => ({
  id,
  kind: "choice",
  label: words(id),
  choices: choices("a", "b"),
  ...more,
});
const files = (id: string, more = {}) => ({ id, kind: "files", label: words(id), ...more });
const form = (...questions: unknown[]) => ({ id: "f", version: 1, questions });
const when = (question: string, ...is: string[]) => ({ shownWhen: { question, is } });

/** The lines of the error; none for a valid form. */
function faults(data: unknown): string[] {
  try {
    readOwnForm(typeof data === "string" ? data : JSON.stringify(data), LANGUAGES);
    return [];
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    expect(error.code).toBe("invalid_form");
    return error.message.split("\n");
  }
}

describe("the examples of docs/FORMS.md", () => {
  it.each([
    ["short.json", SHORT, 3],
    ["prisoners.json", EXAMPLE, 17],
  ])("are valid: %s", (_name, json, count) => {
    expect(readOwnForm(json, LANGUAGES).questions).toHaveLength(count);
  });

  it("together have every kind of question but the date, which people seldom know to the day", () => {
    const kinds = [SHORT, EXAMPLE].flatMap((json) => readOwnForm(json, LANGUAGES).questions.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(["line", "text", "contact", "choice", "choices", "files"]));
  });

  it.each(LANGUAGES)("are written in the language itself: %s", (language) => {
    const letters = { ru: /^[^іїєґ]*$/i, uk: /^[^ёъыэ]*$/i, en: /^[^а-яё]*$/i }[language] ?? /$^/;
    for (const json of [SHORT, EXAMPLE]) {
      const { title, intro, questions } = ownForm(readOwnForm(json, LANGUAGES), language, (id) => id);
      const said = questions.flatMap(({ label, help, choices }) => [label, help, ...choices.map((each) => each.label)]);
      for (const text of [title, ...intro.slice(0, 1), ...said]) expect(text).toMatch(letters);
    }
  });
});

describe("an operator's form", () => {
  const rare = Array.from({ length: 51 }, (_unused, index) => line(`q${index}`));
  it.each<[string, unknown, string[]]>([
    ["what is no JSON", "{", [expect.stringContaining("not valid JSON") as unknown as string]],
    ["what is no form", 1, ["expected { }"]],
    [
      "nothing in it",
      {},
      ["id: expected a name", "version: expected a whole number", "questions: expected a list of questions"],
    ],
    ["no question", form(), ["questions: expected at least 1 question"]],
    ["too many questions", form(...rare), ["questions: expected at most 50 questions"]],
    ["something unknown", { ...form(line("a")), colour: 1 }, ["there is no such thing: colour"]],
    ["something unknown in a question", form(line("a", { size: 1 })), ["questions[0]: there is no such thing: size"]],
    [
      "an unknown kind",
      form({ ...line("a"), kind: "colour" }),
      ["questions[0].kind: expected line, text, choice, choices, date, contact or files"],
    ],
    ["a language missing", form(line("a", { label: { ru: "x", en: "x" } })), ["questions[0].label.uk: expected text"]],
    [
      "a language too many",
      form(line("a", { label: { ...words("x"), de: "x" } })),
      ["questions[0].label: there is no such thing: de"],
    ],
    [
      "a text that is only spaces",
      form(line("a", { help: words(" ") })),
      [
        "questions[0].help.ru: expected text",
        "questions[0].help.uk: expected text",
        "questions[0].help.en: expected text",
      ],
    ],
    [
      "a choice without a language",
      form(line("a"), choice("b", { choices: [...choices("a"), { value: "b", label: { ru: "b", en: "b" } }] })),
      ["questions[1].choices[1].label.uk: expected text"],
    ],
    [
      "a label that is too long",
      form(line("a", { label: { ...words("x"), en: "x".repeat(201) } })),
      ["questions[0].label.en: expected at most 200 characters"],
    ],
    [
      "an id that is no name",
      form(line("A b")),
      ["questions[0].id: expected a name of small Latin letters, digits, - and _, at most 40"],
    ],
    [
      "the receipt code's id",
      form(line("receipt-code")),
      ["questions[0].id: this name is taken: another field of a page has it"],
    ],
    ["an id that objects have", form(line("constructor")), ["questions[0].id: this name is taken"]],
    ["an id twice", form(line("a"), line("a")), ["questions[1].id: there are two questions a"]],
    [
      "two questions of files",
      form(files("a"), files("b")),
      ["questions[1].kind: there can be only one question of files"],
    ],
    ["one choice", form(choice("a", { choices: choices("a") })), ["questions[0].choices: expected at least 2 choices"]],
    [
      "a choice twice",
      form(choice("a", { choices: choices("a", "b", "a") })),
      ["questions[0].choices[2].value: there are two choices a"],
    ],
    [
      "two choices that look the same",
      form(
        choice("a", {
          choices: [
            { value: "a", label: { ru: "Да, помогите", uk: "Так", en: "Yes" } },
            { value: "b", label: { ru: "да,\u00a0 помогите\u200b", uk: "Ні", en: "No" } },
          ],
        }),
      ),
      ["questions[0].choices[1].label.ru: another choice has the same label"],
    ],
    ["a length of nothing", form(line("a", { maxLength: 0 })), ["questions[0].maxLength: expected at least 1"]],
    [
      "a line that is too long",
      form(line("a", { maxLength: 5001 })),
      ["questions[0].maxLength: expected at most 5000"],
    ],
    [
      "a length that is no number",
      form(line("a", { maxLength: "9" })),
      ["questions[0].maxLength: expected a whole number"],
    ],
    [
      "answers that are too long together",
      form(
        ...["a", "b", "c"].map((id) => ({
          ...line(id),
          kind: "text",
          maxLength: 200_000,
        })),
      ),
      ["questions: expected at most 400000 for all maxLength together"],
    ],
    [
      "a condition on what comes later",
      form(line("b", when("a", "a")), choice("a")),
      ["questions[0].shownWhen.question: there is no question with choices a before this one"],
    ],
    [
      "a condition on itself",
      form(choice("a", when("a", "a"))),
      ["questions[0].shownWhen.question: there is no question with choices a before this one"],
    ],
    [
      "a condition on a question without choices",
      form(line("a"), line("b", when("a", "a"))),
      ["questions[1].shownWhen.question: there is no question with choices a before this one"],
    ],
    [
      "a condition on a choice that there is not",
      form(choice("a"), line("b", when("a", "a", "c"))),
      ["questions[1].shownWhen.is[1]: the question a has no choice c"],
    ],
    [
      "a condition of nothing",
      form(choice("a"), line("b", when("a"))),
      ["questions[1].shownWhen.is: expected a value"],
    ],
    [
      "a condition on documents",
      form(choice("a"), files("b", when("a", "a"))),
      ["questions[1]: there is no such thing: shownWhen"],
    ],
    [
      "a need for a question that there is not",
      { ...form(line("a")), atLeastOne: ["a", "b"] },
      ["atLeastOne[1]: there is no question b"],
    ],
    [
      "a need for a question not always asked",
      { ...form(choice("a"), line("b", when("a", "a"))), atLeastOne: ["b"] },
      ["atLeastOne[0]: this question is not always asked"],
    ],
    [
      "faults of both sorts, all at once",
      form(line("a", { label: { ru: "x", uk: "x" } }), choice("b"), line("b")),
      ["questions[0].label.en: expected text", "questions[2].id: there are two questions b"],
    ],
  ])("is refused, with the path, for %s", (_what, data, expected) => {
    expect(faults(data)).toEqual(expected);
  });

  it("is read or refused with FormError, whatever is in the file", () => {
    const good = JSON.parse(PRISONERS) as { questions: Record<string, unknown>[] };
    const mutation = fc.record({
      question: fc.nat(good.questions.length - 1),
      key: fc.constantFrom("id", "kind", "label", "help", "choices", "shownWhen", "required", "maxLength", "__proto__"),
      value: fc.oneof(fc.jsonValue(), fc.constantFrom("files", "choice", "line", "prisoner", "relation")),
    });
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 5 }), (mutations) => {
        const data = structuredClone(good);
        for (const { question, key, value } of mutations)
          Object.assign(data.questions[question] ?? {}, { [key]: value });
        const found = faults(data);
        for (const fault of found) expect(fault).toMatch(/^[\w.[\]-]+: [^\n]+$/);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  it("is accepted with everything that it may contain", () => {
    expect(faults(PRISONERS)).toEqual([]);
    expect(faults({ ...form(line("a")), atLeastOne: ["a"] })).toEqual([]);
    expect(faults(form(choice("a"), choice("b", when("a", "a")), line("c", when("b", "b"))))).toEqual([]);
  });

  const enough = (data: unknown) => ownForm(readOwnForm(JSON.stringify(data), LANGUAGES), "en", say);
  const say = (id: string, values = {}) => [id, ...Object.values(values)].join(" ");

  it.each([
    ["what is required", form(line("a", { required: true }), line("b")), "form-enough-required", []],
    ["that anything will do", form(line("a"), line("b")), "form-enough-of quoted a or quoted b", ["a", "b"]],
    ["which of several", { ...form(line("a"), line("b")), atLeastOne: ["b"] }, "form-enough-of quoted b", ["b"]],
    [
      "both",
      { ...form(line("a", { required: true }), line("b"), line("c")), atLeastOne: ["b", "c"] },
      "form-enough-required form-enough-of quoted b or quoted c",
      ["b", "c"],
    ],
    ["what the operator says", { ...form(line("a")), enough: words("Anything.") }, "Anything.", ["a"]],
  ])("says which answers are enough: %s", (_what, data, said, atLeastOne) => {
    expect(enough(data)).toMatchObject({ enough: said, atLeastOne });
  });

  it("marks optional questions", () => {
    const marks = (data: unknown) => enough(data).questions.map(({ optional }) => optional);
    expect(marks(form(line("a", { required: true }), line("b")))).toEqual([false, true]);
    expect(marks({ ...form(line("a"), line("b")), atLeastOne: ["a"] })).toEqual([false, true]);
    expect(marks({ ...form(line("a", { required: true }), line("b")), atLeastOne: ["b"] })).toEqual([false, true]);
  });
});

describe("the fields that pages have besides", () => {
  const ROOMS = ["../../src/client/", "../../src/server/pages/"].map((path) => new URL(path, import.meta.url));
  const sources = ROOMS.flatMap((room) =>
    readdirSync(room, { encoding: "utf8", recursive: true })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(new URL(name, room), "utf8")),
  );
  const ids = new Set(
    sources.flatMap((source) => [...source.matchAll(/["'`#]field-([a-z][a-z-]*)["'`]/g)].map(([, id = ""]) => id)),
  );

  it("lend their names to no question", () => {
    expect([...ids].sort()).toEqual(expect.arrayContaining(["draft-code", "file", "mailbox-code"]));
    for (const id of ids) expect([id, faults(form(line(id)))]).toEqual([id, [expect.stringContaining("taken")]]);
  });
});
