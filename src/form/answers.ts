import type { Form } from "./form.js";

/** Answers by question id; unanswered questions are left out. */
export type Answers = Readonly<Record<string, string>>;

export type AnswerFault = "nothing_written" | "text_too_long" | "repeated_field" | "unknown_field";

export interface CheckedAnswers {
  readonly answers: Answers;
  /** The first rule broken, or null; `answers` holds what was typed all the same. */
  readonly fault: AnswerFault | null;
  /** The question the fault is about, where there is one. */
  readonly question: string | null;
}

/**
 * Reads the text fields of a form as they came: names and values are the client's, in any number and of any kind.
 *
 * @param fields by name; a repeated field's value is not a string
 * @param documents the questions that documents came under
 */
export function checkAnswers(
  form: Form,
  fields: Readonly<Record<string, unknown>>,
  documents: readonly string[],
): CheckedAnswers {
  const answers: Record<string, string> = Object.create(null);
  let fault: AnswerFault | null = null;
  let faulty: string | null = null;
  const note = (code: AnswerFault, question: string | null) => {
    if (fault !== null) return;
    fault = code;
    faulty = question;
  };
  for (const [name, value] of Object.entries(fields)) {
    const question = form.questions.find(({ id }) => id === name);
    if (typeof value !== "string") {
      note("repeated_field", question?.id ?? null);
    } else if (question === undefined || question.kind === "files") {
      // An empty file input comes as an empty text field from some clients.
      if (value !== "" || question === undefined) note("unknown_field", null);
    } else {
      const text = value.replace(/\r\n?/g, "\n");
      if (text.trim() !== "") answers[name] = text;
      if (text.length > question.maxLength) note("text_too_long", name);
    }
  }
  for (const name of documents) {
    if (form.questions.find(({ id }) => id === name)?.kind !== "files") note("unknown_field", null);
  }
  if (!form.oneOf.some((id) => id in answers || documents.includes(id))) note("nothing_written", form.oneOf[0] ?? null);
  return { answers: { ...answers }, fault, question: faulty };
}
