import type { Form, Question } from "./form.js";

/** An answer: text, or the values chosen where there may be several. */
export type Answer = string | readonly string[];
/** Answers by question id; unanswered questions are left out. */
export type Answers = Readonly<Record<string, Answer>>;

/** Whether `question` is asked after these answers. One that depends on a question not asked is not asked either. */
export function isShown(form: Form, question: Question, answers: Answers): boolean {
  const { shownWhen } = question;
  if (shownWhen === null) return true;
  const other = form.questions.find(({ id }) => id === shownWhen.question);
  if (other === undefined || !isShown(form, other, answers)) return false;
  const chosen = answers[other.id] ?? [];
  return shownWhen.is.some((value) => (typeof chosen === "string" ? chosen === value : chosen.includes(value)));
}
