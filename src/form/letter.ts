import type { ChosenAnswer } from "../core/index.js";
import type { Answer, Answers } from "./condition.js";
import { sayDate } from "./date.js";
import type { Form, Question } from "./form.js";

/** Texts around the answers, in the submitter's language. */
export interface LetterWords {
  /** BCP 47 tag. */
  readonly language: string;
  readonly heading: string;
  readonly documents: string;
}

/**
 * The contents of `letter.txt`: questions and answers for people to read, in the form's order.
 * @param documents entry names, safe to print
 */
export function writeLetter(form: Form, answers: Answers, documents: readonly string[], words: LetterWords): string {
  const sections = [words.heading];
  for (const question of form.questions) {
    const answer = answers[question.id];
    if (answer !== undefined) sections.push(`${question.label}\n${write(question, answer, words.language)}`);
  }
  if (documents.length > 0) sections.push(`${words.documents}\n${documents.join("\n")}`);
  return `${sections.join("\n\n")}\n`;
}

/** By question id: the answers to questions with choices, with the labels that the submitter saw. */
export function describeChoices(form: Form, answers: Answers): Record<string, ChosenAnswer> {
  const described: Record<string, ChosenAnswer> = {};
  for (const { id, label, choices } of form.questions) {
    const answer = answers[id];
    if (choices.length === 0 || answer === undefined) continue;
    described[id] = { question: label, chosen: choices.filter(({ value }) => [answer].flat().includes(value)) };
  }
  return described;
}

function write({ kind, choices }: Question, answer: Answer, language: string): string {
  if (kind === "choice" || kind === "choices") {
    const chosen = typeof answer === "string" ? [answer] : answer;
    return chosen.map((value) => choices.find((choice) => choice.value === value)?.label ?? value).join("\n");
  }
  const text = String(answer);
  return kind === "date" ? sayDate(text, language) : text.trimEnd();
}
