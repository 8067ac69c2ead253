import { sayAnswer } from "./answers.js";
import type { Case } from "./case.js";
import { answersTo, countDocuments, textOf } from "./case-text.js";
import { SearchText, type SearchWord, wordsOf } from "./search.js";

export interface CaseFilter {
  readonly typed: string;
  /** Empty for any; so are the following. */
  readonly status: string;
  readonly language: string;
  readonly documents: "" | "with" | "without";
  /** Chosen labels by question id; a missing or empty one matches any. */
  readonly choices: Readonly<Record<string, string>>;
  /** Words of the answer to a question, by its id; a missing or empty one matches any. */
  readonly answers: Readonly<Record<string, string>>;
  readonly sort: "new" | "old" | "documents";
}

export const NO_FILTER: CaseFilter = {
  typed: "",
  status: "",
  language: "",
  documents: "",
  choices: {},
  answers: {},
  sort: "new",
};

export interface SearchableCase {
  readonly one: Case;
  readonly text: SearchText;
}

/** A case with its text, read for searches. */
export function searchable(one: Case): SearchableCase {
  return { one, text: new SearchText(() => textOf(one)) };
}

/** The matching cases, sorted as the filter says. `all` must be sorted by day, newest first. */
export function select(all: readonly SearchableCase[], filter: CaseFilter): Case[] {
  const words = wordsOf(filter.typed);
  const answers = Object.entries(filter.answers).map(([id, typed]) => [id, wordsOf(typed)] as const);
  const wanted = answers.filter(([, each]) => each.length > 0);
  const found = all
    .filter(({ one, text }) => fits(one, filter) && answered(one, wanted) && text.matches(words))
    .map(({ one }) => one);
  if (filter.sort === "old") return found.reverse();
  return filter.sort === "documents"
    ? found.sort((left, right) => countDocuments(right) - countDocuments(left))
    : found;
}

function fits(one: Case, { status, language, documents, choices }: CaseFilter): boolean {
  if (status !== "" && one.status !== status) return false;
  if (language !== "" && one.language !== language) return false;
  if (documents !== "" && countDocuments(one) > 0 !== (documents === "with")) return false;
  return Object.entries(choices).every(
    ([id, label]) => label === "" || answersTo(one, id).some(({ chosen }) => chosen.includes(label)),
  );
}

function answered(one: Case, wanted: readonly (readonly [id: string, words: readonly SearchWord[]])[]): boolean {
  return wanted.every(([id, words]) =>
    new SearchText(() => answersTo(one, id).map(sayAnswer).join("\n")).matches(words),
  );
}

/** The number of times each value occurs, most frequent first. */
export function tally(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left);
}
