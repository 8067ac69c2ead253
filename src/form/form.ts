/**
 * `contact`: a line that says how to reach the submitter. `choice`: one of the question's choices. `choices`: any
 * number of them.
 */
export type QuestionKind = "line" | "text" | "choice" | "choices" | "date" | "contact" | "files";

export interface Choice {
  /** Its value in submission.json. */
  readonly value: string;
  readonly label: string;
}

/** The answer to another question on which a question depends. */
export interface Condition {
  /** An earlier question with choices. */
  readonly question: string;
  /** Any one of these values. */
  readonly is: readonly string[];
}

/** A question in one language. */
export interface Question {
  /** The field's name in a multipart form, and the key in submission.json. */
  readonly id: string;
  readonly kind: QuestionKind;
  readonly label: string;
  /** Text below the label; may be empty. */
  readonly help: string;
  /** Whether it must be answered when shown. */
  readonly required: boolean;
  /** Whether the page marks it as optional. */
  readonly optional: boolean;
  /** UTF-16 code units, as in the `maxlength` attribute; ignored for choices and files. */
  readonly maxLength: number;
  readonly choices: readonly Choice[];
  /** Null: always. */
  readonly shownWhen: Condition | null;
}

/** A form in one language. */
export interface Form {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** Paragraphs above the questions. */
  readonly intro: readonly string[];
  /** Tells the submitter which answers are enough. */
  readonly enough: string;
  readonly questions: readonly Question[];
  /** Ids of questions of which at least one must be answered; empty if the form has required questions instead. */
  readonly atLeastOne: readonly string[];
}

/** The text of a message in the form's language. */
export type Say = (id: string, values?: Record<string, string>) => string;

/** The question that asks for documents, or null. */
export function filesQuestion({ questions }: Form): Question | null {
  return questions.find(({ kind }) => kind === "files") ?? null;
}
