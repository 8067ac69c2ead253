import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SearchText, wordsOf } from "../../src/cases/index.js";
import { seeded } from "../support/seed.js";

const found = (text: string, typed: string) => new SearchText(() => text).matches(wordsOf(typed));

describe("the search", () => {
  it.each([
    ["пётр", "Иванов ПЕТР"],
    ["петр", "Иванов Пётр"],
    ["алёна смирнова", "Смирнова\n  Алена"],
    ["ґанок", "ҐАНОК"],
    ["зв'язок", "зв’язок"],
    ["ﬁnd", "find"],
    ["гана", "Ганна"],
    ["Семенова", "о Семёнове"],
    ["Семёнов", "Семёнову"],
    ["Семёнову", "Семенов"],
    ["Semyonov", "о Семёновой Анне"],
    ["semenov", "СЕМЁНОВ"],
    ["Семёновым", "Ivan Semyonov"],
    ["Семенов", "semenov ivan"],
    ["Kovalchuk", "Ковальчук"],
    ["Ковальчука", "Kovalchuk"],
    ["Светлана", "Svetlana"],
    ["инсулин", "инсулина"],
    ["инсулина", "Нужен инсулин."],
    ["інсуліну", "інсулін"],
    ["адвокатові", "адвокат"],
    ["колония", "в колонии"],
    ["колонію", "колонії"],
    ["письма", "письмо"],
    ["суда", "суд"],
    ["", "anything"],
  ])("finds %j in %j", (typed, text) => {
    expect(found(text, typed)).toBe(true);
  });

  it.each([
    ["петр сидоров", "Иванов Пётр"],
    ["и", "і"],
    ["Семёнов", "Семён"],
    ["обмена", "обманул"],
    ["Semyonov", "Сидоров"],
    ["207.4", "207.3"],
  ])("does not find %j in %j", (typed, text) => {
    expect(found(text, typed)).toBe(false);
  });

  it("finds every word of a text in that text, in any spelling", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(found(text, text)).toBe(true);
      }),
      seeded(1_000),
    );
  });
});
