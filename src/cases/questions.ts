import type { Case } from "./case.js";

export interface AskedQuestion {
  readonly id: string;
  /** As most cases have it, in whichever language; the id where none tells. */
  readonly question: string;
  /** The most frequent first; empty for a question that people answer by typing. */
  readonly labels: readonly string[];
}

/** A form has at most 50. Cases that somebody made by hand may name as many as they like. */
const MAX_QUESTIONS = 60;
const MAX_LABELS = 100;
const MAX_ID_CHARS = 100;

interface Counted {
  readonly id: string;
  cases: number;
  readonly words: Map<string, number>;
  readonly labels: Map<string, number>;
}

/** The questions that most cases answer, and the labels that most of them chose. */
export function questionsIn(cases: readonly Case[]): AskedQuestion[] {
  const found = new Map<string, Counted>();
  for (const { answers, followUps } of cases) {
    for (const { question, chosen, id } of [answers, ...followUps.map((each) => each.answers)].flatMap(listed)) {
      if (id.length > MAX_ID_CHARS) continue;
      const known = found.get(id) ?? { id, cases: 0, words: new Map(), labels: new Map() };
      known.cases += 1;
      if (question !== "") count(known.words, question);
      for (const label of chosen) count(known.labels, label);
      found.set(id, known);
    }
  }
  return [...found.values()]
    .sort((left, right) => right.cases - left.cases)
    .slice(0, MAX_QUESTIONS)
    .map(({ id, words, labels }) => ({
      id,
      question: mostFrequent(words, 1)[0] ?? id,
      labels: mostFrequent(labels, MAX_LABELS),
    }));
}

function listed(answers: Case["answers"]) {
  return Object.entries(answers).map(([id, answer]) => ({ id, ...answer }));
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>, most: number): string[] {
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .slice(0, most)
    .map(([value]) => value);
}
