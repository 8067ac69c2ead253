import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAnswers, defaultForm, writeLetter } from "../../src/form/index.js";

const check = (fields: Record<string, unknown>, documents: readonly string[] = []) =>
  checkAnswers(defaultForm, fields, documents);

describe("answers", () => {
  it("are kept as typed, with one kind of line end", () => {
    expect(check({ message: "a\r\nb\rc\n", prisoner: " x " })).toEqual({
      answers: { message: "a\nb\nc\n", prisoner: " x " },
      fault: null,
      question: null,
    });
  });

  it("leave out what was not answered", () => {
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
    expect(check(fields, documents)).toMatchObject({ fault, question });
  });

  it("may be no more than a document", () => {
    expect(check({ documents: "" }, ["documents"])).toMatchObject({ fault: null, answers: {} });
  });

  it("never make the check itself fail, whatever the client sends", () => {
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.object(), fc.constant(null), fc.integer());
    const name = fc.oneof(fc.string(), fc.constantFrom("message", "__proto__", "constructor", "toString", "documents"));
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.array(name), (fields, documents) => {
        const { answers } = check(fields, documents);
        for (const id of Object.keys(answers))
          expect(defaultForm.questions.map((question) => question.id)).toContain(id);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});

describe("letter.txt", () => {
  const words = { heading: "Письмо", question: (id: string) => `[${id}]`, documents: "Документы" };

  it("holds the answers in the form's order, then the documents", () => {
    expect(writeLetter(defaultForm, { prisoner: "Пётр", message: "Привет\n\n" }, ["01-a.pdf", "02-b.pdf"], words)).toBe(
      "Письмо\n\n[message]\nПривет\n\n[prisoner]\nПётр\n\nДокументы\n01-a.pdf\n02-b.pdf\n",
    );
  });

  it("has no empty sections", () => {
    expect(writeLetter(defaultForm, {}, [], words)).toBe("Письмо\n");
  });
});
