import type { Case } from "../cases/index.js";

export interface AskedQuestion {
  readonly id: string;
  readonly question: string;
  /** The most frequent first. */
  readonly labels: readonly string[];
}

/** A form has fewer. Cases that somebody made by hand may name as many as they like. */
const MAX_QUESTIONS = 40;
const MAX_LABELS = 100;
const MAX_ID_CHARS = 100;

/** The questions with choices that most cases answer, and the labels that most of them chose. */
export function questionsIn(cases: readonly Case[]): AskedQuestion[] {
  const found = new Map<string, { id: string; question: string; cases: number; labels: Map<string, number> }>();
  for (const { choices } of cases) {
    for (const [id, { question, chosen }] of Object.entries(choices)) {
      if (id.length > MAX_ID_CHARS) continue;
      const known = found.get(id) ?? { id, question, cases: 0, labels: new Map<string, number>() };
      known.cases += 1;
      for (const label of chosen) known.labels.set(label, (known.labels.get(label) ?? 0) + 1);
      found.set(id, known);
    }
  }
  return [...found.values()]
    .sort((left, right) => right.cases - left.cases)
    .slice(0, MAX_QUESTIONS)
    .map(({ id, question, labels }) => ({ id, question, labels: mostFrequent(labels, MAX_LABELS) }));
}

function mostFrequent(counts: ReadonlyMap<string, number>, count: number): string[] {
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .slice(0, count)
    .map(([label]) => label);
}
