import { z } from "zod";
import { LETTER, LINE, LINES } from "./default-form.js";
import type { QuestionKind } from "./form.js";

const MOST_QUESTIONS = 50;
const MOST_CHOICES = 50;
const LONGEST_LABEL = 200;
const LONGEST_WORDS = 1_000;
/** Names that a form's other fields have, or that every object of the language has. */
const TAKEN = ["receipt-code", ...Object.getOwnPropertyNames(Object.prototype)];

/** The longest answer of each kind that is typed: unless told, and at most. */
export const LENGTHS: Readonly<Partial<Record<QuestionKind, readonly [usual: number, most: number]>>> = {
  line: [LINE, LINES],
  contact: [LINE, LINES],
  text: [LINES, LETTER],
  date: [40, 40],
};

const text = (most: number) =>
  z.string("expected text").trim().min(1, "expected text").max(most, `expected at most ${most} characters`);

const name = z
  .string("expected a name")
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "expected a name of small Latin letters, digits, - and _, at most 40")
  .refine((id) => !TAKEN.includes(id), "this name is taken");

function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" && Array.isArray(keys)
        ? `there is no such thing: ${keys.join(", ")}`
        : "expected { }",
  });
}

/** What an operator's form has to look like, whole and question by question. */
export function ownFormSchemas(languages: readonly string[]) {
  const words = (most: number) => strict(Object.fromEntries(languages.map((language) => [language, text(most)])));
  const label = words(LONGEST_LABEL);
  const choices = z
    .array(strict({ value: name, label }), "expected a list of choices")
    .min(2, "expected at least 2 choices")
    .max(MOST_CHOICES, `expected at most ${MOST_CHOICES} choices`);
  const common = {
    id: name,
    label,
    help: words(LONGEST_WORDS).optional(),
    required: z.boolean("expected true or false").default(false),
  };
  const shownWhen = strict({
    question: z.string("expected a question's id"),
    is: z.array(z.string("expected a choice's value"), "expected a list of choices' values").min(1, "expected a value"),
  }).optional();
  const typed = <Kind extends QuestionKind>(kind: Kind) => {
    const [usual, most] = LENGTHS[kind] ?? [LINE, LINE];
    const maxLength = z
      .int("expected a whole number")
      .min(1, "expected at least 1")
      .max(most, `expected at most ${most}`)
      .default(usual);
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
      // Documents once chosen must never be left out because of another answer: they are always asked for.
      strict({ ...common, kind: z.literal("files") }),
    ],
    "expected line, text, choice, choices, date, contact or files",
  );
  const form = strict({
    id: name,
    version: z.int("expected a whole number").min(1, "expected at least 1"),
    title: label.optional(),
    lead: words(LONGEST_WORDS).optional(),
    enough: words(LONGEST_WORDS).optional(),
    questions: z
      .array(question, "expected a list of questions")
      .min(1, "expected at least 1 question")
      .max(MOST_QUESTIONS, `expected at most ${MOST_QUESTIONS} questions`),
    atLeastOne: z.array(z.string("expected a question's id"), "expected a list of questions' ids").optional(),
  });
  return { form, question };
}

/** An operator's form in all languages, as the file has it. */
export type OwnForm = z.infer<ReturnType<typeof ownFormSchemas>["form"]>;
/** One of its questions. */
export type OwnQuestion = OwnForm["questions"][number];
