import type { Form, Question } from "./form.js";

/** How a page shows a form's questions: each list in the form's order. */
export interface Arrangement {
  /** What every submitter sees: the letter, documents, and questions that need an answer. */
  readonly asked: readonly Question[];
  /** Optional questions, for those who want to say more. */
  readonly more: readonly Question[];
}

/** A question that depends on another stands beside it. */
export function arrange({ questions }: Form): Arrangement {
  const more = new Set<string>();
  for (const { id, kind, optional, shownWhen } of questions) {
    if (shownWhen === null ? optional && kind !== "files" : more.has(shownWhen.question)) more.add(id);
  }
  return {
    asked: questions.filter(({ id }) => !more.has(id)),
    more: questions.filter(({ id }) => more.has(id)),
  };
}

/**
 * The form for a submitter who adds to an earlier letter: the letter and documents only. A form without a letter is
 * asked whole, with no answer required.
 *
 * @param enough tells the submitter which answers are enough
 */
export function followUpForm(form: Form, enough: string): Form {
  const letter = letterOf(form);
  const kept = form.questions.filter(({ id, kind }) => letter === null || id === letter.id || kind === "files");
  const questions = kept.map((question) => ({ ...question, required: false, optional: false }));
  const always = questions.filter(({ shownWhen }) => shownWhen === null);
  return { ...form, intro: [], enough, questions, atLeastOne: always.map(({ id }) => id) };
}

/** The same questions, of which none is required: what a submitter has answered before need not be said again. */
export function withoutRequired(form: Form): Form {
  if (!form.questions.some(({ required }) => required)) return form;
  const questions = form.questions.map((question) => ({ ...question, required: false }));
  return { ...form, questions, atLeastOne: questions.map(({ id }) => id) };
}

/** The longest text that is always asked for. */
function letterOf({ questions }: Form): Question | null {
  const texts = questions.filter(({ kind, shownWhen }) => kind === "text" && shownWhen === null);
  return [...texts].sort((left, right) => right.maxLength - left.maxLength)[0] ?? null;
}
