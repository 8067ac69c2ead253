import type { Form, QuestionKind, Say } from "./form.js";

/** Longest answers in UTF-16 code units: a line, a few lines, a letter of about eighty pages. */
export const MAX_LINE_LENGTH = 500;
export const MAX_LINES_LENGTH = 5_000;
export const MAX_LETTER_LENGTH = 200_000;

const QUESTIONS: readonly (readonly [id: string, kind: QuestionKind, maxLength: number])[] = [
  ["message", "text", MAX_LETTER_LENGTH],
  ["documents", "files", 0],
  ["prisoner", "line", MAX_LINE_LENGTH],
  ["place", "line", MAX_LINE_LENGTH],
  ["charge", "text", MAX_LINES_LENGTH],
  ["request", "text", MAX_LINES_LENGTH],
  ["writer", "line", MAX_LINE_LENGTH],
  ["health", "line", MAX_LINE_LENGTH],
  ["consent", "line", MAX_LINE_LENGTH],
  ["contact", "contact", MAX_LINE_LENGTH],
];

const ENOUGH = ["message", "documents"];

/** The form where the operator has not configured one. It asks only what a first reply needs. */
export function defaultForm(say: Say): Form {
  return {
    id: "default",
    version: 2,
    title: say("form-title"),
    intro: [],
    enough: say("form-enough"),
    questions: QUESTIONS.map(([id, kind, maxLength]) => ({
      id,
      kind,
      label: say(`question-${id}`),
      help: say(`question-${id}-help`),
      required: false,
      optional: !ENOUGH.includes(id),
      maxLength,
      choices: [],
      shownWhen: null,
    })),
    atLeastOne: ENOUGH,
  };
}
