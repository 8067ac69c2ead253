import { describe, expect, it } from "vitest";
import { type Case, daysSince, rowOf } from "../../src/cases/index.js";
import { inventedCase } from "../support/cases.js";

const typed = (text: string) => ({ question: "", text, chosen: [] });
const cells = (one: Partial<Case>) => rowOf(inventedCase(one)).map(({ of, text }) => `${of}: ${text}`);

describe("the row of a case", () => {
  it("tells who, where, article, request and writer, in this order", () => {
    const answers = {
      message: typed("Помогите"),
      writer: typed("мать"),
      prisoner: typed("Иванов\nПётр"),
      place: typed("ИК-6"),
      request: { question: "", text: "", chosen: ["Обмен", "Врач"] },
      charge: typed("207.3"),
      contact: typed("+7"),
    };
    expect(cells({ letter: "Письмо\n\nПисьмо\nПомогите\n", answers })).toEqual([
      "prisoner: Иванов Пётр",
      "place: ИК-6",
      "charge: 207.3",
      "request: Обмен; Врач",
      "writer: мать",
    ]);
  });

  it("tells the first short answers of an own form", () => {
    const answers = {
      story: typed("x".repeat(201)),
      name: typed("Иванов"),
      help: { question: "", text: "", chosen: ["Врач"] },
    };
    expect(cells({ answers })).toEqual(["name: Иванов", "help: Врач"]);
  });

  it("tells the letter's first words where there are fewer than two answers", () => {
    const letter = "Письмо\n\nВаше письмо\nЗдравствуйте\n";
    expect(cells({ letter })).toEqual(["letter: Здравствуйте"]);
    expect(cells({ letter, answers: { message: typed("Здравствуйте") } })).toEqual(["message: Здравствуйте"]);
    expect(cells({ letter, answers: { prisoner: typed("Иванов") } })).toEqual([
      "prisoner: Иванов",
      "letter: Здравствуйте",
    ]);
    expect(cells({ letter: "" })).toEqual([]);
  });

  it("takes an answer from a follow-up where the first submission has none", () => {
    const followUps = [{ folder: "f", day: "", letter: "", documents: [], answers: { prisoner: typed("Иванов") } }];
    expect(cells({ letter: "", followUps })).toEqual(["prisoner: Иванов"]);
  });

  it.each([
    ["😀".repeat(1_000), 100],
    ["x".repeat(10_000_000), 100],
    ["\n".repeat(4_000_000), 0],
    [` ${"x ".repeat(60)}`, 100],
  ])("is short, and never cut inside a character: %#", (text, most) => {
    for (const cell of rowOf(inventedCase({ letter: text, answers: { prisoner: typed(text), place: typed("a") } }))) {
      if (cell.of === "place") continue;
      expect(cell.text.length).toBeLessThanOrEqual(most);
      expect(cell.text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });
});

describe("the age of a case", () => {
  const now = new Date("2026-11-26T10:00:00Z");
  it.each([
    ["2026-11-26", 0],
    ["2026-11-25", 1],
    ["2025-11-26", 365],
    ["2026-11-27", null],
    ["", null],
    ["2026-13-45", null],
    ["nonsense", null],
  ])("on 26 November of one that came on %j is %j days", (day, days) => {
    expect(daysSince(day, now)).toBe(days);
  });
});
