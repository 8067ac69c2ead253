import { fieldsOf } from "../core/index.js";

/** The answer to one question of a form. */
export interface CaseAnswer {
  /** The question's words as the submitter read them; empty where the submission does not tell. */
  readonly question: string;
  /** What was typed, as in letter.txt; empty for a question with choices. */
  readonly text: string;
  /** The labels chosen; empty for a question without choices. */
  readonly chosen: readonly string[];
}

/** By question id, in the form's order. */
export type CaseAnswers = Readonly<Record<string, CaseAnswer>>;

/** As own forms allow them (docs/FORMS.md). */
const QUESTION_ID = /^[a-z][a-z0-9_-]{0,39}$/;
/** A form has at most 50 questions. */
const MAX_SOUGHT = 60;
const MAX_QUESTION_CHARS = 200;

/**
 * Reads the members `answers` and `choices` of a submission.json, which are hostile input. What is malformed counts as
 * missing: people read it in letter.txt.
 */
export function readAnswers(answers: unknown, choices: unknown): CaseAnswers {
  const read = new Map<string, CaseAnswer>();
  for (const [id, value] of Object.entries(fieldsOf(answers)).filter(([id]) => isQuestionId(id))) {
    if (typeof value === "string" && value.trim() !== "")
      read.set(id, { question: "", text: value.trimEnd(), chosen: [] });
    else if (isTexts(value) && value.length > 0) read.set(id, { question: "", text: "", chosen: value });
  }
  for (const [id, choice] of Object.entries(fieldsOf(choices)).filter(([id]) => isQuestionId(id))) {
    const { question, chosen } = fieldsOf(choice);
    const labels: unknown = Array.isArray(chosen) ? chosen.map((each: unknown) => fieldsOf(each).label) : null;
    if (typeof question === "string" && isTexts(labels)) read.set(id, { question, text: "", chosen: labels });
  }
  return Object.fromEntries(read);
}

/** The answers with the words of the questions that were answered by typing, as `letter` has them above each. */
export function withQuestions(answers: CaseAnswers, letter: string): CaseAnswers {
  let from = 0;
  let sought = 0;
  const named = Object.entries(answers).map(([id, answer]): [string, CaseAnswer] => {
    sought += answer.text === "" ? 0 : 1;
    if (answer.text === "" || sought > MAX_SOUGHT) return [id, answer];
    const at = letter.indexOf(`\n${answer.text}\n`, from);
    if (at === -1) return [id, answer];
    from = at + answer.text.length;
    const question =
      letter
        .slice(Math.max(0, at - MAX_QUESTION_CHARS), at)
        .split("\n")
        .at(-1) ?? "";
    return [id, { ...answer, question }];
  });
  return Object.fromEntries(named);
}

/** An answer as one text. */
export function sayAnswer({ text, chosen }: CaseAnswer): string {
  return text === "" ? chosen.join("; ") : text;
}

/** No member of every object, such as `constructor`: only a record made by hand names one. */
export function isQuestionId(id: string): boolean {
  return QUESTION_ID.test(id) && !(id in Object.prototype);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
