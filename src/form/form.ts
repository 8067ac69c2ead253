/** What kind of answer a question takes. `contact` is a line that tells how to reach the submitter. */
export type QuestionKind = "line" | "text" | "contact" | "files";

export interface Question {
  /** The part's name in a multipart form and the key in submission.json; its words are `question-<id>` in locales. */
  readonly id: string;
  readonly kind: QuestionKind;
  /** Most UTF-16 code units, as the `maxlength` attribute counts them; of no meaning for files. */
  readonly maxLength: number;
}

export interface Form {
  readonly id: string;
  readonly version: number;
  readonly questions: readonly Question[];
  /** At least one of these must be answered. */
  readonly oneOf: readonly string[];
}

/** A line; a few lines; a letter of about eighty pages. */
const LINE = 500;
const LINES = 5_000;
const LETTER = 200_000;

/** The questions asked unless the operator brings others: as few as a first answer needs. */
export const defaultForm: Form = {
  id: "default",
  version: 1,
  questions: [
    { id: "message", kind: "text", maxLength: LETTER },
    { id: "documents", kind: "files", maxLength: 0 },
    { id: "prisoner", kind: "line", maxLength: LINE },
    { id: "place", kind: "line", maxLength: LINE },
    { id: "charge", kind: "text", maxLength: LINES },
    { id: "request", kind: "text", maxLength: LINES },
    { id: "writer", kind: "line", maxLength: LINE },
    { id: "contact", kind: "contact", maxLength: LINE },
  ],
  oneOf: ["message", "documents"],
};
