import { type CaseAnswer, sayAnswer } from "./answers.js";
import type { Case } from "./case.js";
import { answersTo } from "./case-text.js";

export const COUNTED = ["month", "article", "place", "status", "request", "language"] as const;
export type Counted = (typeof COUNTED)[number];

export interface Count {
  /** As most cases spell it; empty where the case does not tell. */
  readonly label: string;
  /** Cases. */
  readonly cases: number;
}

export interface CountTable {
  readonly by: Counted;
  /** Months in their order, others by number. */
  readonly rows: readonly Count[];
  /** Whether some rows are left out, because they may identify people. */
  readonly withheld: boolean;
}

export interface CaseCounts {
  readonly cases: number;
  readonly tables: readonly CountTable[];
}

const MAX_LABEL_CHARS = 60;
/** Questions of the default form. */
const [CHARGE, PLACE, REQUEST] = ["charge", "place", "request"];
/** An article of the code, such as 207.3: no part of a longer number. */
const ARTICLE = /(?<![\d.,])(\d{2,3}(?:\.\d{1,2})?)(?![\d])(?!\.\d)/g;
const MAX_ARTICLES = 10;

/** How many cases there are, by each of {@link COUNTED}. A case may have several articles and requests. */
export function countCases(cases: readonly Case[]): CaseCounts {
  const labels: Readonly<Record<Counted, (one: Case) => readonly string[]>> = {
    month: ({ day }) => [day.slice(0, 7)],
    article: (one) => answersTo(one, CHARGE).flatMap(articlesIn),
    place: (one) => answersTo(one, PLACE).slice(0, 1).flatMap(shortIn),
    status: ({ status }) => [status],
    request: (one) => answersTo(one, REQUEST).flatMap(shortIn),
    language: ({ language }) => [language],
  };
  return { cases: cases.length, tables: COUNTED.map((by) => countBy(by, cases, labels[by])) };
}

function countBy(by: Counted, cases: readonly Case[], labelsOf: (one: Case) => readonly string[]): CountTable {
  const counts = new Map<string, number>();
  const spellings = new Map<string, Map<string, number>>();
  for (const one of cases) {
    const found = new Map(labelsOf(one).map((label) => [keyOf(label), label.trim()]));
    if (found.size > 1) found.delete("");
    for (const [key, label] of found.size === 0 ? [["", ""] as const] : found) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      const known = spellings.get(key) ?? new Map<string, number>();
      spellings.set(key, known.set(label, (known.get(label) ?? 0) + 1));
    }
  }
  const rows = [...counts].map(([key, count]) => ({ label: mostFrequent(spellings.get(key)), cases: count }));
  const inOrder = (left: Count, right: Count) => (left.label < right.label ? -1 : 1);
  rows.sort(by === "month" ? inOrder : (left, right) => right.cases - left.cases || inOrder(left, right));
  return { by, rows, withheld: false };
}

/** `ИК-6`, `ик 6` and `ИК6` are one place. */
function keyOf(label: string): string {
  const spaced = label
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/(?<=\p{L})(?=\d)/gu, " ");
  return spaced.replace(/[^\p{L}\p{N}.]+/gu, " ").trim();
}

function mostFrequent(spellings: ReadonlyMap<string, number> = new Map()): string {
  return [...spellings].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1))[0]?.[0] ?? "";
}

/** The labels chosen, or what was typed. A text longer than a label says nothing in a table. */
function shortIn(answer: CaseAnswer): readonly string[] {
  const all = answer.chosen.length > 0 ? answer.chosen : [answer.text];
  return all.map((text) => (text.length > MAX_LABEL_CHARS ? "" : text.replace(/\s+/g, " ")));
}

function articlesIn(answer: CaseAnswer): readonly string[] {
  const found = [...sayAnswer(answer).slice(0, 5_000).matchAll(ARTICLE)].map(([, article = ""]) => article);
  return [...new Set(found)].slice(0, MAX_ARTICLES);
}
