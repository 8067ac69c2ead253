import { type CaseAnswer, sayAnswer } from "./answers.js";
import type { Case, CaseDocument } from "./case.js";
import type { CaseStatus } from "./case-status.js";

/** The documents of a case, those of its follow-ups after its own. */
export function documentsOf({ documents, followUps }: Case): CaseDocument[] {
  return [...documents, ...followUps.flatMap((each) => each.documents)];
}

/** The number of documents in a case, including its follow-ups. */
export function countDocuments(one: Case): number {
  return documentsOf(one).length;
}

/** The answers to a question, follow-ups included, the first submission's first. */
export function answersTo(one: Case, id: string): CaseAnswer[] {
  return [one, ...one.followUps].flatMap(({ answers }) => {
    const answer = Object.hasOwn(answers, id) ? answers[id] : undefined;
    return answer === undefined ? [] : [answer];
  });
}

/** The first of these answers as one text; empty without any. */
export function answerTo(one: Case, id: string): string {
  const [first] = answersTo(one, id);
  return first === undefined ? "" : sayAnswer(first);
}

/** The status of a case, and after it those that other desks gave it at the same time. */
export function statusesOf({ status, otherStatuses = [] }: Case): readonly CaseStatus[] {
  return [status, ...otherStatuses];
}

/** Searchable text of what came. Letters include what was typed, unless somebody made them by hand. */
export function sentTextOf(one: Case): string {
  const submissions = [one, ...one.followUps];
  const names = documentsOf(one).map(({ name }) => name);
  const answers = submissions.flatMap(({ letter, answers }) =>
    Object.values(answers)
      .filter(({ text }) => text === "" || !letter.includes(text))
      .map(sayAnswer),
  );
  return [one.folder, ...submissions.map(({ letter }) => letter), ...names, ...answers].join("\n");
}

/** Searchable text of what staff wrote. */
export function writtenTextOf({ note, assignee = "", tags = [] }: Case): string {
  return [note, assignee, ...tags].join("\n");
}
