import type { Form, Question } from "./form.js";

/** Text, or the chosen values where a question allows several. */
export type Answer = string | readonly string[];
/** Answers by question id; unanswered questions are left out. */
export type Answers = Readonly<Record<string, Answer>>;

/** Whether the form asks `question`, given `answers`. A question that depends on one not asked is not asked either. */
export function isShown(form: Form, question: Question, answers: Answers): boolean {
  const { shownWhen } = question;
  if (shownWhen === null) return true;
  const other = form.questions.find(({ id }) => id === shownWhen.question);
  if (other === undefined || !isShown(form, other, answers)) return false;
  const chosen = answers[other.id] ?? [];
  return shownWhen.is.some((value) => (typeof chosen === "string" ? chosen === value : chosen.includes(value)));
}
