import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/people/fold.js";
import { readNames, stem } from "../../src/people/index.js";
import { bucketsOf, signatureOf, similarity } from "../../src/people/min-hash.js";
import { differByOne, differByTwo, neighbours } from "../../src/people/similar.js";
import { seeded } from "../support/seed.js";

describe("a folded name", () => {
  it.each([
    ["Пётр", "Петр", "Pyotr", "Petr", "ПЁТР"],
    ["Юлия", "Юлія", "Yuliya", "Iuliia", "Yuliia"],
    ["Щербаков", "Shcherbakov"],
    ["Кузнецов", "Kuznetsov"],
    ["Лук’янов", "Лукьянов", "Lukyanov"],
    ["Зеленський", "Zelenskyi", "Zelenskyy", "Зеленский"],
    ["Хасанов", "Khasanov", "Hasanov"],
    ["Анна", "Anna", "Ана"],
  ])("is one for %j and its spellings", (...spellings) => {
    expect(new Set(spellings.map(fold)).size).toBe(1);
  });

  it("has Cyrillic letters of one alphabet only, whatever the word", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ЁёЇїҐґьЪщЦxyzhkщ'’-́") }), (word) => {
        expect(fold(word)).toMatch(/^[а-я]*$/);
        expect(fold(word)).not.toMatch(/[ёыэйюящцхьъ]/);
      }),
      seeded(500),
    );
  });
});

describe("a name taken apart", () => {
  const parts = (line: string) =>
    readNames(line).map(({ surname, given, patronymic, year }) =>
      [surname[0], given?.keys[0], patronymic?.keys[0], year].map((each) => each ?? "-").join(" "),
    );
  it.each([
    ["Семёнов Иван Петрович, 12.03.1987 г.р.", ["семенов иван петр 1987"]],
    ["мой муж Иван Петрович Семёнов", ["семенов иван петр -"]],
    ["Абрамович Роман", ["абрамович роман - -"]],
    ["И. П. Семёнов 1987", ["семенов и п 1987"]],
    ["О Семёнове", ["семенов - - -"]],
    ["Екатерина Щербакова", ["шчербаков екатерина - -"]],
    ["Семёнов Иван; Сидоров Олег", ["семенов иван - -", "сидоров олег - -"]],
    ["о себе", []],
    ["1987", []],
    ["", []],
  ])("%j", (line, expected) => {
    expect(parts(line)).toEqual(expected);
  });

  it("has at most five people, whatever the line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (line) => {
        expect(readNames(line).length).toBeLessThanOrEqual(5);
      }),
      seeded(500),
    );
  });
});

describe("words that differ by a letter", () => {
  it.each([
    ["иванов", "иванов", true, true],
    ["иванов", "иваноа", true, true],
    ["иванов", "ивано", true, true],
    ["иванов", "ивванов", true, true],
    ["иванов", "ивнаов", true, true],
    ["иванов", "ивнаво", false, true],
    ["иванов", "петров", false, false],
    ["", "а", true, true],
    ["", "абв", false, false],
  ])("%j and %j: by one %j, by two %j", (left, right, one, two) => {
    expect([differByOne(left, right), differByTwo(left, right)]).toEqual([one, two]);
    expect([differByOne(right, left), differByTwo(right, left)]).toEqual([one, two]);
  });

  it("have a neighbour in common", () => {
    const word = fc.string({ unit: fc.constantFrom(..."абв"), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        if (!differByOne(left, right)) return;
        expect(neighbours(left).some((each) => neighbours(right).includes(each))).toBe(true);
      }),
      seeded(2_000),
    );
  });
});

describe("the stem of a word", () => {
  it.each([
    ["инсулин", "инсулина", "инсулину", "инсулином"],
    ["інсулін", "інсуліну", "інсуліном"],
    ["колония", "колонии", "колонию"],
    ["адвокат", "адвоката", "адвокатові", "адвокатом"],
  ])("is one for %j and its forms", (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it("is the beginning of the word, of at least three letters or all", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."авеинойуыьяіїєґлстнmx1-") }), (word) => {
        expect(word.startsWith(stem(word))).toBe(true);
        expect(stem(word).length).toBeGreaterThanOrEqual(Math.min(3, word.length));
        expect(stem(word)).toBe(stem(word));
      }),
      seeded(1_000),
    );
  });
});

describe("the signature of a text", () => {
  const words = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `слово${from + at}`).join(" ");

  it("agrees as far as the texts do", () => {
    const signature = (text: string) => signatureOf(text) ?? new Uint32Array();
    const whole = signature(words(0, 200));
    expect(similarity(whole, signature(words(0, 200).toUpperCase()))).toBe(1);
    expect(similarity(whole, signature(words(5, 200)))).toBeGreaterThan(0.8);
    expect(similarity(whole, signature(words(300, 500)))).toBeLessThan(0.2);
    expect(bucketsOf(whole).some((bucket) => bucketsOf(signature(words(5, 200))).includes(bucket))).toBe(true);
  });

  it("is none for a greeting", () => {
    expect(signatureOf(words(0, 11))).toBeNull();
    expect(signatureOf(words(0, 12))).not.toBeNull();
  });
});
