import type { CaseAnswer, CaseAnswers } from "./answers.js";
import type { Case, CaseSubmission } from "./case.js";

/** An answer whose text may be given by its place in the letter, since a page should not hold a letter twice. */
interface PackedAnswer extends Omit<CaseAnswer, "text"> {
  readonly text?: string;
  /** UTF-16 code units from the letter's beginning, and how many. */
  readonly at?: readonly [start: number, length: number];
}

type Packed<Of extends CaseSubmission> = Omit<Of, "answers"> & {
  readonly answers: Readonly<Record<string, PackedAnswer>>;
};

export type PackedCase = Omit<Packed<Case>, "followUps"> & { readonly followUps: readonly Packed<CaseSubmission>[] };

/** Shorter answers take no more room than their places. */
const MIN_CHARS = 40;

/** A case without what staff wrote of it, but its status. */
export function withoutNotes(one: Case): Case {
  const { otherStatuses, assignee, due, spam, duplicateOf, tags, conflicts, ...rest } = one;
  return { ...rest, note: "" };
}

/** A case as JSON holds it in a page, which has the notes as events. */
export function packCase(one: Case): PackedCase {
  return { ...pack(withoutNotes(one)), followUps: one.followUps.map(pack) };
}

/** What {@link packCase} has packed. */
export function unpackCase(packed: PackedCase): Case {
  return { ...unpack(packed), followUps: packed.followUps.map(unpack) };
}

export function packAnswer({ text, ...rest }: CaseAnswer, letter: string): PackedAnswer {
  const start = text.length < MIN_CHARS ? -1 : letter.indexOf(text);
  return start === -1 ? { ...rest, text } : { ...rest, at: [start, text.length] };
}

function pack<Of extends CaseSubmission>(one: Of): Packed<Of> {
  const answers = Object.entries(one.answers).map(([id, answer]) => [id, packAnswer(answer, one.letter)] as const);
  return { ...one, answers: Object.fromEntries(answers) };
}

function unpack<Of extends Packed<CaseSubmission>>(packed: Of): Omit<Of, "answers"> & { answers: CaseAnswers } {
  const answers = Object.entries(packed.answers).map(([id, { question, chosen, text = "", at }]) => {
    const typed = at === undefined ? text : packed.letter.slice(at[0], at[0] + at[1]);
    return [id, { question, text: typed, chosen }] as const;
  });
  return { ...packed, answers: Object.fromEntries(answers) };
}
