import { z } from "zod";
import { MAX_LETTER_LENGTH, MAX_LINE_LENGTH, MAX_LINES_LENGTH } from "./default-form.js";
import type { QuestionKind } from "./form.js";

const MAX_QUESTIONS = 50;
const MAX_CHOICES = 50;
const MAX_LABEL_LENGTH = 200;
const MAX_TEXT_LENGTH = 1_000;
/** Names of the other fields of all pages: a question's field stands beside them. */
const TAKEN_IDS: readonly string[] = ["receipt-code", "mailbox-code", "draft-code", "draft-file", "file"];
/** Names of every JavaScript object's members. */
const TAKEN_NAMES: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** The default and the maximum `maxLength` of each kind of typed answer. */
export const ANSWER_LENGTHS: Readonly<Partial<Record<QuestionKind, readonly [byDefault: number, most: number]>>> = {
  line: [MAX_LINE_LENGTH, MAX_LINES_LENGTH],
  contact: [MAX_LINE_LENGTH, MAX_LINES_LENGTH],
  text: [MAX_LINES_LENGTH, MAX_LETTER_LENGTH],
  date: [40, 40],
};

const text = (most: number) =>
  z.string("expected text").trim().min(1, "expected text").max(most, `expected at most ${most} characters`);

const name = z
  .string("expected a name")
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "expected a name of small Latin letters, digits, - and _, at most 40")
  .refine((given) => !TAKEN_NAMES.includes(given), "this name is taken");
const questionId = name.refine((id) => !TAKEN_IDS.includes(id), "this name is taken: another field of a page has it");

function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" && Array.isArray(keys)
        ? `there is no such thing: ${keys.join(", ")}`
        : "expected { }",
  });
}

/** The schemas of an operator's form and of its questions, whose texts must exist in all `languages`. */
export function ownFormSchemas(languages: readonly string[]) {
  const words = (most: number) => strict(Object.fromEntries(languages.map((language) => [language, text(most)])));
  const label = words(MAX_LABEL_LENGTH);
  const choices = z
    .array(strict({ value: name, label }), "expected a list of choices")
    .min(2, "expected at least 2 choices")
    .max(MAX_CHOICES, `expected at most ${MAX_CHOICES} choices`);
  const common = {
    id: questionId,
    label,
    help: words(MAX_TEXT_LENGTH).optional(),
    required: z.boolean("expected true or false").default(false),
  };
  const shownWhen = strict({
    question: z.string("expected a question's id"),
    is: z.array(z.string("expected a choice's value"), "expected a list of choices' values").min(1, "expected a value"),
  }).optional();
  const typed = <Kind extends QuestionKind>(kind: Kind) => {
    const [byDefault, most] = ANSWER_LENGTHS[kind] ?? [MAX_LINE_LENGTH, MAX_LINE_LENGTH];
    const maxLength = z
      .int("expected a whole number")
      .min(1, "expected at least 1")
      .max(most, `expected at most ${most}`)
      .default(byDefault);
    return strict({ ...common, kind: z.literal(kind), shownWhen, maxLength });
  };
  const question = z.discriminatedUnion(
    "kind",
    [
      typed("line"),
      typed("text"),
      typed("contact"),
      strict({ ...common, kind: z.literal("date"), shownWhen }),
      strict({ ...common, kind: z.literal("choice"), shownWhen, choices }),
      strict({ ...common, kind: z.literal("choices"), shownWhen, choices }),
      // No shownWhen: another answer must never hide documents already chosen.
      strict({ ...common, kind: z.literal("files") }),
    ],
    "expected line, text, choice, choices, date, contact or files",
  );
  const form = strict({
    id: name,
    version: z.int("expected a whole number").min(1, "expected at least 1"),
    title: label.optional(),
    lead: words(MAX_TEXT_LENGTH).optional(),
    enough: words(MAX_TEXT_LENGTH).optional(),
    questions: z
      .array(question, "expected a list of questions")
      .min(1, "expected at least 1 question")
      .max(MAX_QUESTIONS, `expected at most ${MAX_QUESTIONS} questions`),
    atLeastOne: z.array(z.string("expected a question's id"), "expected a list of questions' ids").optional(),
  });
  return { form, question };
}

/** An operator's form in all languages, as in its file. */
export type OwnForm = z.infer<ReturnType<typeof ownFormSchemas>["form"]>;
/** One of its questions. */
export type OwnQuestion = OwnForm["questions"][number];
