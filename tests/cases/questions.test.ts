import { describe, expect, it } from "vitest";
import { type Case, questionsIn } from "../../src/cases/index.js";

describe("the questions to filter by", () => {
  const asked = (...answers: readonly Case["answers"][]) =>
    questionsIn(answers.map((each) => ({ answers: each, followUps: [] as Case["followUps"] }) as Case));
  const choice = (...chosen: readonly string[]) => ({ question: "?", text: "", chosen });

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
    expect(found).toHaveLength(60);
    expect(found[0]).toMatchObject({ id: "help" });
    expect(found[0]?.labels).toHaveLength(100);
    expect(found[0]?.labels[0]).toBe("a lawyer");
  });

  it("have the words that most submitters read, and no labels where people type", () => {
    const typed = (question: string) => ({ question, text: "x", chosen: [] });
    expect(
      asked({ who: typed("О ком") }, { who: typed("Про кого") }, { who: typed("О ком") }, { who: typed("") }),
    ).toEqual([{ id: "who", question: "О ком", labels: [] }]);
    expect(asked({ who: typed("") })).toEqual([{ id: "who", question: "who", labels: [] }]);
  });
});
