import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ownForm, readOwnForm } from "../../src/form/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { EXAMPLE, SHORT } from "../support/forms.js";
import { startTestPortal } from "../support/portal.js";

const MAX_WORDS = 20;
const MAX_MEAN = 9;
const PAGES = ["", "form/alone", "replies", "replies/plain", "safety", "about", "keys", "encrypted", "404.html"];
const TEXTS = loadTexts();
/** What a message may be given. */
const ARGUMENTS = { count: 2, days: 2, files: 2, limit: 2, minutes: 2, percent: 2, done: 2, total: 2 };
const PLACES = {
  size: "2 ГБ",
  name: "x",
  day: "1",
  question: "«x»",
  answers: "«x»",
  questions: "«x»",
  text: "x",
  place: "1, 2",
  domain: "x",
  places: "x",
};

const messagesOf = (language: string) =>
  [
    ...readFileSync(new URL(`../../src/locales/${language}.ftl`, import.meta.url), "utf8").matchAll(
      /^([a-z][\w-]*) =/gm,
    ),
  ].map(([, id]) => id ?? "");
const sentencesOf = (text: string) => text.split(/(?<=[.!?…])\s+|\n/u).map((sentence) => sentence.trim());
const wordsOf = (sentence: string) => sentence.match(/[\p{L}\p{N}][\p{L}\p{N}.@_’'-]*/gu) ?? [];

/** What a person reads on a page, element by element. */
function textsOf(page: string): readonly string[] {
  return page
    .replace(/<(script|style|head|code)[\s\S]*?<\/\1>/g, "\n")
    .replace(/<\/?(a|span|bdi|strong)\b[^>]*>/g, "")
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
}

function expectReadable(texts: readonly string[]): void {
  const sentences = texts.flatMap(sentencesOf).filter((sentence) => wordsOf(sentence).length > 0);
  const long = sentences.filter((sentence) => wordsOf(sentence).length > MAX_WORDS);
  expect(long).toEqual([]);
  const words = sentences.reduce((sum, sentence) => sum + wordsOf(sentence).length, 0);
  expect(words / sentences.length).toBeLessThan(MAX_MEAN);
}

describe.each(["ru", "uk"])("what submitters read is short: %s", (language) => {
  it("on every page", async () => {
    const portal = await startTestPortal({ config: { answerDays: 7, retentionDays: 90, addresses: "example.org" } });
    const pages = await Promise.all(
      PAGES.map(async (path) => textsOf(await (await fetch(`${portal.url}/${language}/${path}`)).text())),
    );
    await portal.stop();
    for (const texts of pages)
      expect(texts.flatMap(sentencesOf).filter((each) => wordsOf(each).length > MAX_WORDS)).toEqual([]);
    expectReadable(pages.flat());
  });

  it("in every message of every state", () => {
    const texts = TEXTS.get(language);
    if (texts === undefined) throw new Error(`nobody speaks ${language}`);
    expectReadable(messagesOf(language).map((id) => texts.say(id, { ...ARGUMENTS, ...PLACES })));
  });

  it("in the example forms", () => {
    for (const json of [SHORT, EXAMPLE]) {
      const { title, intro, questions } = ownForm(readOwnForm(json, ["ru", "uk", "en"]), language, () => "");
      const said = questions.flatMap(({ label, help, choices }) => [label, help, ...choices.map((each) => each.label)]);
      expectReadable([title, ...intro, ...said]);
    }
  });
});
