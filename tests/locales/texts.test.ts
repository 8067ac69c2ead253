import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadTexts, saySize } from "../../src/locales/index.js";

const FOLDER = new URL("../../src/locales/", import.meta.url);
const SOURCES = new URL("../../src/", import.meta.url);
const ids = (language: string) =>
  [...readFileSync(new URL(`${language}.ftl`, FOLDER), "utf8").matchAll(/^([a-z][\w-]*) =/gm)].map(
    ([, id]) => id ?? "",
  );
const ARGUMENTS = {
  files: 100,
  question: "a",
  questions: "b",
  answers: "c",
  text: "d",
  size: "2",
  percent: 50,
  limit: 10,
  count: 5,
  days: 5,
  place: "1, 2",
  places: "e",
  done: "1",
  total: "2",
  minutes: "3",
  name: "x",
  day: "1",
  domain: "f",
};
const texts = loadTexts();
const all = [...texts.values()];

describe("the languages", () => {
  it("are Russian, Ukrainian and English, Russian first", () => {
    expect([...texts.keys()]).toEqual(["ru", "uk", "en"]);
  });

  it.each(["uk", "en"])("have the same messages in the same order: %s", (language) => {
    expect(ids(language)).toEqual(ids("ru"));
  });

  it.each(ids("ru").filter((id) => !/^(direction|size-.*)$/.test(id)))("each translate %s", (id) => {
    const said = all.map(({ say }) => say(id, ARGUMENTS));
    for (const words of said) expect(words.trim()).not.toBe("");
    // Related languages may share a short word; an equal sentence is untranslated.
    if (said.some((words) => words.length > 12)) expect(new Set(said).size).toBe(said.length);
  });

  it.each(["ru", "uk"])("end no sentence with a day, which ends with a full stop itself: %s", (language) => {
    const words = readFileSync(new URL(`${language}.ftl`, FOLDER), "utf8");
    expect(words).toContain("{ $day }");
    expect(words).not.toMatch(/\{ \$day \}\./);
  });

  it("have no unused message", () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
    const code = files.map((name) => readFileSync(new URL(name, SOURCES), "utf8")).join("\n");
    // Messages whose id ends in a question, a fault or a step are used through a template string.
    const families =
      /^(question|fault|progress|size|client-fault|code-fault|encrypted-fault|safety|about|copy|gateway|footer|promise)-/;
    const unused = ids("ru").filter((id) => !families.test(id) && !code.includes(`"${id}"`));
    expect(unused).toEqual([]);
  });

  it("use Ukrainian letters for Ukrainian and Russian ones for Russian", () => {
    for (const id of ids("uk")) expect(texts.get("uk")?.say(id, ARGUMENTS) ?? "").not.toMatch(/[ёъыэ]/i);
    const others = ids("ru").filter((id) => id !== "language-name");
    for (const id of others) expect(texts.get("ru")?.say(id, ARGUMENTS) ?? "").not.toMatch(/[іїєґ]/i);
  });

  it.each([
    ["ru", ["не приложили", "1 документ.", "2 документа.", "5 документов.", "21 документ."]],
    ["uk", ["не додали", "1 документ.", "2 документи.", "5 документів.", "21 документ."]],
    ["en", ["no documents", "1 document.", "2 documents.", "5 documents.", "21 documents."]],
  ])("count as %s does", (language, expected) => {
    [0, 1, 2, 5, 21].forEach((count, index) => {
      expect(texts.get(language)?.say("receipt-documents", { count })).toContain(expected[index]);
    });
  });

  it.each([
    [0, "0\u00a0B"],
    [1023, "1,023\u00a0B"],
    [1024, "1\u00a0KB"],
    [1536, "1.5\u00a0KB"],
    [2 * 1024 ** 3, "2\u00a0GB"],
  ])("format %i bytes", (bytes, words) => {
    const english = texts.get("en");
    expect(english && saySize(english, bytes)).toBe(words);
  });

  it("throw rather than leave a gap in a page", () => {
    expect(() => all[0]?.say("no-such-message")).toThrow("ru.ftl has no message no-such-message");
    expect(() => all[0]?.say("progress-sending")).toThrow();
  });
});

describe("the staff's languages", () => {
  const STAFF = new URL("staff/", FOLDER);
  const staffIds = (language: string) =>
    [...readFileSync(new URL(`${language}.ftl`, STAFF), "utf8").matchAll(/^([a-z][\w-]*) =/gm)].map(
      ([, id]) => id ?? "",
    );
  const staff = loadTexts(STAFF);
  const values = {
    ...ARGUMENTS,
    role: "x",
    seconds: 5,
    fingerprint: "x",
    digest: "0123456789ab",
    code: "x",
    folder: "x",
    shares: 5,
    need: 3,
    number: 1,
    label: "x",
    words: 23,
    word: "1",
    next: "2",
    keys: "x",
    names: "x",
    from: "x",
    tag: "x",
    what: "x",
    others: "x",
    path: "x",
    percent: "1",
    page: "1",
    outbox: "x",
    all: "x",
  };

  it("are Ukrainian and English, Ukrainian first, with the same messages in the same order", () => {
    expect([...staff.keys()]).toEqual(["uk", "en"]);
    expect(staffIds("en")).toEqual(staffIds("uk"));
  });

  it("translate every message, Ukrainian with Ukrainian letters", () => {
    for (const id of staffIds("uk").filter(
      (one) => !/^(direction|chart-bar|signed-in|index-file|index-same-document-case|size-.*)$/.test(one),
    )) {
      const said = [...staff.values()].map(({ say }) => say(id, values));
      expect(new Set(said).size, id).toBe(2);
      expect(said[0]).not.toMatch(/[ёъыэ]/i);
    }
  });

  it("have no unused message", () => {
    const code = ["pickup/", "desk-web/", "desk/", "reading/"]
      .map((name) => new URL(name, SOURCES))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => /\.tsx?$/.test(name))
          .map((name) => readFileSync(new URL(name, folder), "utf8")),
      )
      .join("\n");
    const families =
      /^(size|role|show|column|staff-fault|desk-fault|desk-key|desk-lock|desk-share-fault|desk-work|share|ceremony|counts|fault|reading-fault|answer-fault|replies-(taken|known)|status|warning|index-sort|index-mark|work)(-|$)/;
    const always = ["direction", "language-name"];
    expect(
      staffIds("uk").filter((id) => !always.includes(id) && !families.test(id) && !code.includes(`"${id}"`)),
    ).toEqual([]);
  });

  it.each([
    ["uk", ["1 звернення", "2 звернення", "5 звернень", "21 звернення"]],
    ["en", ["1 submission", "2 submissions", "5 submissions", "21 submissions"]],
  ])("count as %s does", (language, expected) => {
    expect([1, 2, 5, 21].map((count) => staff.get(language)?.say("list-count", { count }))).toEqual(expected);
  });
});
