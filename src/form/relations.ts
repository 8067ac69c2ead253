import type { OwnQuestion } from "./own-form-schema.js";

/** UTF-16 code units of all answers together, which the server keeps in memory. */
const MAX_ANSWERS_LENGTH = 400_000;

export interface RelationIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Faults between questions, such as a repeated id. A question that is malformed itself is null. */
export function checkRelations(
  questions: readonly (OwnQuestion | null)[],
  atLeastOne: readonly unknown[],
): RelationIssue[] {
  const issues: RelationIssue[] = [];
  const note = (path: readonly PropertyKey[], message: string) => issues.push({ path, message });
  const broken = questions.includes(null);
  let length = 0;
  questions.forEach((question, index) => {
    if (question === null) return;
    const at = ["questions", index] as const;
    const before = questions.slice(0, index);
    if (before.some((other) => other?.id === question.id))
      note([...at, "id"], `there are two questions ${question.id}`);
    if (question.kind === "files" && before.some((other) => other?.kind === "files")) {
      note([...at, "kind"], "there can be only one question of files");
    }
    if ("maxLength" in question) length += question.maxLength;
    if ("choices" in question) {
      question.choices.forEach(({ value }, choice) => {
        if (question.choices.findIndex((other) => other.value === value) < choice) {
          note([...at, "choices", choice, "value"], `there are two choices ${value}`);
        }
      });
      for (const [choice, language] of repeatedLabels(question.choices)) {
        note([...at, "choices", choice, "label", language], "another choice has the same label");
      }
    }
    if (!("shownWhen" in question) || question.shownWhen === undefined) return;
    const { question: id, is } = question.shownWhen;
    const other = before.find((each) => each?.id === id);
    if (other === undefined || other === null || !("choices" in other)) {
      if (!broken) note([...at, "shownWhen", "question"], `there is no question with choices ${id} before this one`);
      return;
    }
    is.forEach((value, place) => {
      if (other.choices.every((choice) => choice.value !== value)) {
        note([...at, "shownWhen", "is", place], `the question ${id} has no choice ${value}`);
      }
    });
  });
  if (length > MAX_ANSWERS_LENGTH)
    note(["questions"], `expected at most ${MAX_ANSWERS_LENGTH} for all maxLength together`);
  atLeastOne.forEach((id, index) => {
    const found = questions.find((question) => question?.id === id);
    if (found === undefined && !broken) note(["atLeastOne", index], `there is no question ${String(id)}`);
    if (found && "shownWhen" in found && found.shownWhen !== undefined) {
      note(["atLeastOne", index], "this question is not always asked");
    }
  });
  return issues;
}

/** Staff read labels: two that look the same would be one answer to them. */
function repeatedLabels(
  choices: readonly { readonly value: string; readonly label: Readonly<Record<string, string>> }[],
): (readonly [choice: number, language: string])[] {
  const seen = new Map<string, string>();
  return choices.flatMap(({ value, label }, choice) =>
    Object.entries(label).flatMap(([language, text]) => {
      const looks = text
        .normalize("NFKC")
        .replace(/[\s\p{Cf}]+/gu, " ")
        .trim();
      const key = `${language} ${looks.toLocaleLowerCase(language)}`;
      const other = seen.get(key) ?? value;
      seen.set(key, other);
      return other === value ? [] : [[choice, language] as const];
    }),
  );
}
