import { z } from "zod";
import { Fault } from "../core/index.js";
import type { Form, Say } from "./form.js";
import { ANSWER_LENGTHS, type OwnForm, ownFormSchemas } from "./own-form-schema.js";
import { checkRelations } from "./relations.js";

/** The message has one line per fault. */
export class FormError extends Fault<"invalid_form"> {}

/**
 * Reads an operator's form from the text of its file (docs/FORMS.md).
 *
 * @param languages BCP 47 tags; every text must exist in each
 * @throws FormError with all faults and their paths, such as `questions[3].choices[1].label.uk: expected text`
 */
export function readOwnForm(json: string, languages: readonly string[]): OwnForm {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (cause) {
    throw new FormError("invalid_form", `not valid JSON: ${cause instanceof Error ? cause.message : ""}`, { cause });
  }
  const { form, question } = ownFormSchemas(languages);
  const read = form.safeParse(data);
  const raw = z
    .object({ questions: z.array(z.unknown()), atLeastOne: z.array(z.unknown()).optional() })
    .safeParse(data);
  const questions = raw.data?.questions.map((each) => question.safeParse(each).data ?? null) ?? [];
  const faults = [...(read.error?.issues ?? []), ...checkRelations(questions, raw.data?.atLeastOne ?? [])].map(
    ({ path, message }) => (path.length === 0 ? message : `${sayPath(path)}: ${message}`),
  );
  if (read.data === undefined || faults.length > 0) throw new FormError("invalid_form", faults.join("\n"));
  return read.data;
}

function sayPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** An operator's form in one language. `say` gives the texts that the form leaves out. */
export function ownForm(form: OwnForm, language: string, say: Say): Form {
  const words = (all: Readonly<Record<string, string>> | undefined) => all?.[language] ?? null;
  const questions = form.questions.map((question) => ({
    id: question.id,
    kind: question.kind,
    label: words(question.label) ?? "",
    help: words(question.help) ?? "",
    required: question.required,
    maxLength: "maxLength" in question ? question.maxLength : (ANSWER_LENGTHS[question.kind]?.[0] ?? 0),
    choices:
      "choices" in question ? question.choices.map(({ value, label }) => ({ value, label: words(label) ?? "" })) : [],
    shownWhen: ("shownWhen" in question ? question.shownWhen : null) ?? null,
  }));
  const always = questions.filter(({ shownWhen }) => shownWhen === null);
  const given = form.atLeastOne ?? [];
  // Without a required question, at least one answer is: an empty form is no letter.
  const needed = given.length > 0 || always.some(({ required }) => required) ? given : always.map(({ id }) => id);
  const list = new Intl.ListFormat(language, { type: "disjunction" });
  const labels = always.filter(({ id }) => needed.includes(id)).map(({ label }) => say("quoted", { text: label }));
  const someRequired = questions.some(({ required }) => required);
  const enough = [
    ...(someRequired ? [say("form-enough-required")] : []),
    ...(needed.length > 0 ? [say("form-enough-of", { questions: list.format(labels) })] : []),
  ];
  const sufficient = words(form.enough) ?? enough.join(" ");
  return {
    id: form.id,
    version: form.version,
    title: words(form.title) ?? say("form-title"),
    intro: [words(form.lead) ?? "", sufficient].filter((text) => text !== ""),
    enough: sufficient,
    questions: questions.map((question) => ({
      ...question,
      // Where nothing is required, the text above the form says which answers are enough.
      optional: !question.required && (someRequired || !needed.includes(question.id)),
    })),
    atLeastOne: needed,
  };
}
