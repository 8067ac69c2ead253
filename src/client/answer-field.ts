import type { Answer, Question } from "../form/index.js";

// Reads and writes the fields that src/server/pages/answer-field.tsx renders, in this page or in a frame.

/** The receipt code's field, where a question's id is expected. */
export const RECEIPT_CODE = "receipt-code";

/** What the field for documents says where pictures lose what they tell: chosen in another language of the page. */
export const TAKE_OUT = "take-out";

/** The element around a question: label, help and field. */
export function questionPart(page: Document, { id }: Question): HTMLElement | null {
  return page.getElementById(`question-${id}`);
}

/** The answer as typed; null for a question of files, or when the page has no such field. */
export function readAnswer(page: Document, question: Question): Answer | null {
  if (question.kind === "files") return null;
  const field = page.getElementById(`field-${question.id}`) as HTMLInputElement | HTMLTextAreaElement | null;
  if (question.kind !== "choice" && question.kind !== "choices") return field?.value ?? null;
  const values = options(page, question).flatMap(({ checked, value }) => (checked ? [value] : []));
  return question.kind === "choices" ? values : (values[0] ?? "");
}

/** @returns whether the page has a field for the answer */
export function writeAnswer(page: Document, question: Question, answer: Answer): boolean {
  if (question.kind === "choice" || question.kind === "choices") {
    const found = options(page, question);
    for (const option of found) {
      // Where nothing was chosen, that is left as the page has it.
      if (answer === "" && option.value === "") continue;
      option.checked = typeof answer === "string" ? option.value === answer : answer.includes(option.value);
    }
    for (const option of found) if (option.checked) reveal(option);
    return found.length > 0;
  }
  const field = page.getElementById(`field-${question.id}`) as HTMLInputElement | HTMLTextAreaElement | null;
  if (field === null) return false;
  field.value = String(answer);
  if (field.value !== "") reveal(field);
  return true;
}

/** Opens the part of the form that the field is in. */
export function reveal(field: HTMLElement): void {
  field.closest("details")?.setAttribute("open", "");
}

function options(page: Document, question: Question): readonly HTMLInputElement[] {
  return [...(questionPart(page, question)?.querySelectorAll("input") ?? [])];
}
