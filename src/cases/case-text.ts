import { type CaseAnswer, sayAnswer } from "./answers.js";
import type { Case } from "./case.js";

/** The number of documents in a case, including its follow-ups. */
export function countDocuments({ documents, followUps }: Case): number {
  return followUps.reduce((sum, each) => sum + each.documents.length, documents.length);
}

/** The answers to a question, follow-ups included, the first submission's first. */
export function answersTo(one: Case, id: string): CaseAnswer[] {
  return [one, ...one.followUps].flatMap(({ answers }) => {
    const answer = Object.hasOwn(answers, id) ? answers[id] : undefined;
    return answer === undefined ? [] : [answer];
  });
}

/** All searchable text of a case. Letters include what was typed, unless somebody made them by hand. */
export function textOf(one: Case): string {
  const submissions = [one, ...one.followUps];
  const names = submissions.flatMap(({ documents }) => documents.map(({ name }) => name));
  const answers = submissions.flatMap(({ letter, answers }) =>
    Object.values(answers)
      .filter(({ text }) => text === "" || !letter.includes(text))
      .map(sayAnswer),
  );
  return [one.folder, one.note, ...submissions.map(({ letter }) => letter), ...names, ...answers].join("\n");
}
