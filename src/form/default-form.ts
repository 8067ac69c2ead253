import type { Form, QuestionKind, Say } from "./form.js";

/** A line; a few lines; a letter of about eighty pages: in UTF-16 code units. */
export const LINE = 500;
export const LINES = 5_000;
export const LETTER = 200_000;

const QUESTIONS: readonly (readonly [id: string, kind: QuestionKind, maxLength: number])[] = [
  ["message", "text", LETTER],
  ["documents", "files", 0],
  ["prisoner", "line", LINE],
  ["place", "line", LINE],
  ["charge", "text", LINES],
  ["request", "text", LINES],
  ["writer", "line", LINE],
  ["contact", "contact", LINE],
];

const ENOUGH = ["message", "documents"];

/** The questions asked unless the operator brings others: as few as a first answer needs. */
export function defaultForm(say: Say): Form {
  return {
    id: "default",
    version: 1,
    title: say("form-title"),
    lead: say("form-lead"),
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
