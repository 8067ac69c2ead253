import type { Case } from "../cases/index.js";

export interface AskedQuestion {
  readonly id: string;
  readonly question: string;
  readonly labels: readonly string[];
}

/** Every answered question with choices, and the labels chosen in any case. */
export function questionsIn(cases: readonly Case[]): AskedQuestion[] {
  const found = new Map<string, { id: string; question: string; labels: string[] }>();
  for (const { choices } of cases) {
    for (const [id, { question, chosen }] of Object.entries(choices)) {
      const known = found.get(id) ?? { id, question, labels: [] };
      for (const label of chosen) if (!known.labels.includes(label)) known.labels.push(label);
      found.set(id, known);
    }
  }
  return [...found.values()];
}
