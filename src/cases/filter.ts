import { sayAnswer } from "./answers.js";
import type { Case } from "./case.js";
import { answersTo, countDocuments, documentsOf, sentTextOf, statusesOf, writtenTextOf } from "./case-text.js";
import { SearchText, type SearchWord, wordsOf } from "./search.js";

/** Without spam and duplicates; spam; duplicates; with a due date; that desks set differently at the same time. */
export const CASE_MARKS = ["plain", "spam", "duplicate", "due", "conflict"] as const;
export type CaseMark = (typeof CASE_MARKS)[number];

export interface CaseFilter {
  readonly typed: string;
  /** Empty for any; so are the following. */
  readonly status: string;
  readonly language: string;
  readonly assignee: string;
  readonly tag: string;
  readonly mark: "" | CaseMark;
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
  assignee: "",
  tag: "",
  mark: "",
  documents: "",
  choices: {},
  answers: {},
  sort: "new",
};

export interface SearchableCase {
  readonly one: Case;
  /** What came. */
  readonly sent: SearchText;
  /** What staff wrote. */
  readonly written: SearchText;
  /** Of its answers, by the question's id, once somebody has searched them. */
  readonly answers: Map<string, SearchText>;
}

/** A case with its text, read for searches. */
export function searchable(one: Case): SearchableCase {
  return { one, sent: new SearchText(() => sentTextOf(one)), written: writtenIn(one), answers: new Map() };
}

/** The same case after staff wrote of it: what came is not read again. */
export function rewritten({ sent, answers }: SearchableCase, one: Case): SearchableCase {
  return { one, sent, written: writtenIn(one), answers };
}

/** Most cases have no notes: of thousands, to read each would take longer than the search. */
const NOTHING = new SearchText(() => "");

function writtenIn(one: Case): SearchText {
  const { note, assignee = "", tags = [] } = one;
  return note === "" && assignee === "" && tags.length === 0 ? NOTHING : new SearchText(() => writtenTextOf(one));
}

/** The matching cases, sorted as the filter says. `all` must be sorted by day, newest first. */
export function select(all: readonly SearchableCase[], filter: CaseFilter): Case[] {
  const words = wordsOf(filter.typed);
  const answers = Object.entries(filter.answers).map(([id, typed]) => [id, wordsOf(typed)] as const);
  const wanted = answers.filter(([, each]) => each.length > 0);
  const chosen = Object.entries(filter.choices).filter(([, label]) => label !== "");
  const found = all
    .filter((each) => fits(each.one, filter, chosen) && answered(each, wanted) && matches(each, words))
    .map(({ one }) => one);
  if (filter.sort === "old") return found.reverse();
  return filter.sort === "documents"
    ? found.sort((left, right) => countDocuments(right) - countDocuments(left))
    : found;
}

function matches({ one, sent, written }: SearchableCase, words: readonly SearchWord[]): boolean {
  return words.every((word) => sent.has(word) || written.has(word) || hasDocument(one, word));
}

function hasDocument(one: Case, { digest }: SearchWord): boolean {
  return digest !== null && documentsOf(one).some(({ sha256 }) => sha256?.startsWith(digest) === true);
}

function fits(one: Case, filter: CaseFilter, chosen: readonly (readonly [id: string, label: string])[]): boolean {
  const { status, language, documents, assignee, tag, mark } = filter;
  if (assignee !== "" && one.assignee !== assignee) return false;
  if (tag !== "" && one.tags?.includes(tag) !== true) return false;
  if (mark !== "" && !MARKED[mark](one)) return false;
  if (status !== "" && !statusesOf(one).some((each) => each === status)) return false;
  if (language !== "" && one.language !== language) return false;
  if (documents !== "" && countDocuments(one) > 0 !== (documents === "with")) return false;
  return chosen.every(([id, label]) => answersTo(one, id).some((answer) => answer.chosen.includes(label)));
}

const MARKED: Readonly<Record<CaseMark, (one: Case) => boolean>> = {
  plain: ({ spam, duplicateOf }) => spam !== true && duplicateOf === undefined,
  spam: ({ spam }) => spam === true,
  duplicate: ({ duplicateOf }) => duplicateOf !== undefined,
  due: ({ due }) => due !== undefined,
  conflict: ({ otherStatuses, conflicts }) => otherStatuses !== undefined || conflicts !== undefined,
};

function answered(
  { one, answers }: SearchableCase,
  wanted: readonly (readonly [id: string, words: readonly SearchWord[]])[],
): boolean {
  return wanted.every(([id, words]) => {
    const text = answers.get(id) ?? new SearchText(() => answersTo(one, id).map(sayAnswer).join("\n"));
    answers.set(id, text);
    return text.matches(words);
  });
}

/** The number of times each value occurs, most frequent first. */
export function tally(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left);
}
