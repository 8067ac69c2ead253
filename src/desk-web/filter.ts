import type { Case } from "../cases/index.js";
import { countDocuments } from "./data.js";
import { matches, wordsOf } from "./search.js";

export interface Wanted {
  readonly typed: string;
  /** Empty for all. */
  readonly status: string;
  readonly language: string;
  readonly documents: "" | "with" | "without";
  /** The label wanted, by question id; those left out take any. */
  readonly choices: Readonly<Record<string, string>>;
  readonly sort: "new" | "old" | "documents";
}

export interface SearchableCase {
  readonly one: Case;
  /** Normalised. */
  readonly text: string;
}

/** The cases that fit, in the order wanted. `all` is in the order of days, the newest first. */
export function select(all: readonly SearchableCase[], wanted: Wanted): Case[] {
  const words = wordsOf(wanted.typed);
  const found = all.filter(({ one, text }) => fits(one, wanted) && matches(text, words)).map(({ one }) => one);
  if (wanted.sort === "old") return found.reverse();
  return wanted.sort === "documents"
    ? found.sort((left, right) => countDocuments(right) - countDocuments(left))
    : found;
}

function fits(one: Case, { status, language, documents, choices }: Wanted): boolean {
  if (status !== "" && one.status !== status) return false;
  if (language !== "" && one.language !== language) return false;
  if (documents !== "" && countDocuments(one) > 0 !== (documents === "with")) return false;
  return Object.entries(choices).every(
    ([id, label]) => label === "" || one.choices[id]?.chosen.includes(label) === true,
  );
}

/** How often each value is there, the most frequent first. */
export function tally(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left);
}
