/**
 * What kind of answer a question takes. `contact` is a line that tells how to reach the submitter; `choice` takes one of
 * its choices, `choices` any number of them.
 */
export type QuestionKind = "line" | "text" | "choice" | "choices" | "date" | "contact" | "files";

export interface Choice {
  /** What stands for it in submission.json. */
  readonly value: string;
  readonly label: string;
}

/** What another question has to be answered with. */
export interface Condition {
  /** An earlier question with choices. */
  readonly question: string;
  /** Values of which one is enough. */
  readonly is: readonly string[];
}

/** A question as it is asked in one language. */
export interface Question {
  /** The part's name in a multipart form and the key in submission.json. */
  readonly id: string;
  readonly kind: QuestionKind;
  readonly label: string;
  /** Stands below the label; empty where there is nothing to say. */
  readonly help: string;
  /** Whether it must be answered, if it is shown. */
  readonly required: boolean;
  /** Whether it is marked as one that may be left out. */
  readonly optional: boolean;
  /** Most UTF-16 code units, as the `maxlength` attribute counts them; of no meaning for choices and files. */
  readonly maxLength: number;
  readonly choices: readonly Choice[];
  /** When it is asked; null for always. */
  readonly shownWhen: Condition | null;
}

/** The questions in one language. */
export interface Form {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly lead: string;
  /** Says how much has to be answered. */
  readonly enough: string;
  readonly questions: readonly Question[];
  /** At least one of these must be answered; empty where required questions see to it. */
  readonly atLeastOne: readonly string[];
}

/** One message of the pages' own words, in the form's language. */
export type Say = (id: string, values?: Record<string, string>) => string;

/** The question that documents are added under, or null. */
export function filesQuestion({ questions }: Form): Question | null {
  return questions.find(({ kind }) => kind === "files") ?? null;
}
