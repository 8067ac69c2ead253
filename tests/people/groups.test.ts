import { describe, expect, it } from "vitest";
import { groupPeople, type Letter } from "../../src/people/index.js";
import { WITH_SEED } from "../support/seed.js";
import { Corpus, score } from "./corpus/corpus.js";

const letter = (id: string, about: string, more: Partial<Letter> = {}): Letter => ({
  ...{ id, about, place: "", text: "", documents: [] },
  ...more,
});
const groupsOf = (...abouts: readonly string[]) =>
  groupPeople(abouts.map((about, at) => letter(String(at), about))).map(({ letters }) => letters.join(""));

describe("letters are proposed as about one person", () => {
  it(`at least 95 of 100 pairs in letters as people write them, with at most 5 of 100 wrong ${WITH_SEED}`, () => {
    const all = Array.from("abcdefghij", (seed) => {
      const { letters } = new Corpus(seed, 300);
      return score(
        letters,
        groupPeople(letters).map((group) => group.letters),
      );
    });
    const mean = (of: "found" | "wrong") => all.reduce((sum, each) => sum + each[of], 0) / all.length;
    expect(mean("found")).toBeGreaterThanOrEqual(0.95);
    expect(mean("wrong")).toBeLessThanOrEqual(0.05);
  });

  it.each([
    ["Семёнов Иван", "о Семенове Иване"],
    ["Семёнов Иван Петрович, 1987", "Semyonov Ivan"],
    ["Иванова Анна", "Ганна Іванова"],
    ["Іванов Олексій", "Леша Иванов"],
    ["Ковалёв Николай", "Ковальову Миколі"],
    ["Семёнов И. П.", "Семенов Іван Петрович"],
    ["иванов пётр, 1987 г.р.", "Ивнаов Пётр, 1987"],
    ["Чернышевский Дмитрий", "Dmytro Chernyshevskyi"],
  ])("that name %j and %j", (one, other) => {
    expect(groupsOf(one, other)).toEqual(["01"]);
  });

  it.each([
    ["Семёнов Иван, 1987", "Семёнов Иван, 1955"],
    ["Семёнов Иван Петрович", "Семёнов Иван Сергеевич"],
    ["Семёнов Иван", "Семёнов Пётр"],
    ["Мельник Иван", "Мельников Иван"],
    ["Иванов", "Иванов"],
    ["", ""],
    ["о себе", "мой сын"],
  ])("but not those that name %j and %j", (one, other) => {
    expect(groupsOf(one, other)).toEqual([]);
  });

  it("but not a letter that fits two people as well", () => {
    expect(groupsOf("Семёнов Иван Петрович", "Семёнов Иван Сергеевич", "Семёнов Иван")).toEqual([]);
  });

  it("that share a document or nearly a text, unless they name different people", () => {
    const words = Array.from({ length: 40 }, (_, at) => `слово${at}`);
    const [text, near] = [words.join(" "), words.slice(1).join(" ")];
    const found = groupPeople([
      letter("a", "Семёнов Иван", { documents: ["1"] }),
      letter("b", "", { documents: ["1"] }),
      letter("c", "Сидоров Олег", { text }),
      letter("d", "", { text: near }),
      letter("e", "Орлова Анна", { documents: ["2"] }),
      letter("f", "Гусев Павел", { documents: ["2"] }),
    ]);
    expect(found.map(({ letters }) => letters.join(""))).toEqual(["ab", "cd"]);
  });

  it("but not because many attach one form, or send one chain letter", () => {
    const text = Array.from({ length: 40 }, (_, at) => `слово${at}`).join(" ");
    const many = Array.from({ length: 40 }, (_, at) => letter(String(at), "", { documents: ["blank"], text }));
    expect(groupPeople(many)).toEqual([]);
  });

  it("and each of several people whom one letter names", () => {
    expect(groupsOf("Семёнов Иван и Сидоров Олег", "Сидоров Олег, 1980", "Иван Семёнов")).toEqual(["02", "01"]);
  });

  it("within bounds, whatever thousands of letters made by hand say", () => {
    const hostile = Array.from({ length: 3_000 }, (_, at) =>
      letter(String(at), "Иванов Иван", { documents: ["x"], place: "ИК-6" }),
    );
    for (const { letters } of groupPeople(hostile)) expect(letters.length).toBeLessThanOrEqual(200);
    const long = [0, 1].map((at) =>
      letter(String(at), "а и б ".repeat(100_000), { text: "ж ".repeat(1_000_000), place: "1".repeat(1_000_000) }),
    );
    for (const { name } of groupPeople(long)) expect(name.length).toBeLessThanOrEqual(200);
  });
});
