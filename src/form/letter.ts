import type { Answers } from "./answers.js";
import type { Form } from "./form.js";

/** The words around the answers, in the submitter's language. */
export interface LetterWords {
  readonly heading: string;
  /** The question as it was asked, by its id. */
  readonly question: (id: string) => string;
  readonly documents: string;
}

/**
 * `letter.txt`: questions and answers as a person reads them, in the form's order.
 * @param documents entry names, already safe to print
 */
export function writeLetter(form: Form, answers: Answers, documents: readonly string[], words: LetterWords): string {
  const sections = [words.heading];
  for (const { id } of form.questions) {
    const answer = answers[id];
    if (answer !== undefined) sections.push(`${words.question(id)}\n${answer.trimEnd()}`);
  }
  if (documents.length > 0) sections.push(`${words.documents}\n${documents.join("\n")}`);
  return `${sections.join("\n\n")}\n`;
}
