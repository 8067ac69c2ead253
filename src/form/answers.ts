import { type Answer, type Answers, isShown } from "./condition.js";
import { parseDate } from "./date.js";
import type { Form, Question } from "./form.js";

export type AnswerFaultCode =
  | "nothing_written"
  | "required"
  | "not_a_date"
  | "text_too_long"
  | "repeated_field"
  | "unknown_field"
  | "unknown_choice";

export interface AnswerFault {
  readonly code: AnswerFaultCode;
  /** The question at fault, or null if there is none. */
  readonly question: string | null;
}

export interface CheckedAnswers {
  /** Valid or not, so that the form can be shown again with them. */
  readonly answers: Answers;
  /** First faults that only a program can cause, then the others in the form's order. */
  readonly faults: readonly AnswerFault[];
}

/**
 * Validates the untrusted fields of a form. Text keeps its spaces and gets line ends of one kind (LF); dates become ISO
 * 8601.
 *
 * @param fields by name; the value of a repeated field is a list
 * @param documents the id of the question of each document
 */
export function checkAnswers(
  form: Form,
  fields: Readonly<Record<string, unknown>>,
  documents: readonly string[],
): CheckedAnswers {
  const answers: Record<string, Answer> = Object.create(null);
  const strange: AnswerFault[] = [];
  const broken: AnswerFault[] = [];
  const given = new Map(Object.entries(fields));
  for (const question of form.questions) {
    const { id } = question;
    const { answer, fault } = read(question, given.get(id));
    given.delete(id);
    if (answer !== null) answers[id] = answer;
    if (fault === "text_too_long" || fault === "not_a_date") broken.push({ code: fault, question: id });
    else if (fault !== null) strange.push({ code: fault, question: fault === "unknown_field" ? null : id });
    else if (question.required && !(id in answers || documents.includes(id)) && isShown(form, question, answers)) {
      broken.push({ code: "required", question: id });
    }
  }
  const misplaced = documents.some((name) => form.questions.find(({ id }) => id === name)?.kind !== "files");
  if (given.size > 0 || misplaced) strange.push({ code: "unknown_field", question: null });
  const faults = [...strange, ...broken];
  const enough = form.atLeastOne.length === 0 || form.atLeastOne.some((id) => id in answers || documents.includes(id));
  if (!enough && faults.length === 0) faults.push({ code: "nothing_written", question: form.atLeastOne[0] ?? null });
  return { answers: { ...answers }, faults };
}

interface ReadAnswer {
  readonly answer: Answer | null;
  readonly fault: AnswerFaultCode | null;
}

const UNANSWERED: ReadAnswer = { answer: null, fault: null };

function read(question: Question, value: unknown): ReadAnswer {
  if (value === undefined) return UNANSWERED;
  if (question.kind === "choices") return readChoices(question, Array.isArray(value) ? value : [value]);
  if (typeof value !== "string") return { answer: null, fault: "repeated_field" };
  // Some clients send an empty file input as an empty text field.
  if (question.kind === "files") return { answer: null, fault: value === "" ? null : "unknown_field" };
  if (value.trim() === "") return UNANSWERED;
  if (question.kind === "choice") {
    const { answer, fault } = readChoices(question, [value]);
    return { answer: answer?.[0] ?? null, fault };
  }
  const text = value.replace(/\r\n?/g, "\n");
  if (text.length > question.maxLength) return { answer: text, fault: "text_too_long" };
  if (question.kind !== "date") return { answer: text, fault: null };
  const day = parseDate(text);
  return { answer: day ?? text, fault: day === null ? "not_a_date" : null };
}

function readChoices({ choices }: Question, values: readonly unknown[]): ReadAnswer {
  const chosen = choices.map(({ value }) => value).filter((value) => values.includes(value));
  const fault = values.every((value) => choices.some((choice) => choice.value === value)) ? null : "unknown_choice";
  return { answer: chosen.length === 0 ? null : chosen, fault };
}
