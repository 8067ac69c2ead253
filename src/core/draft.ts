import { Fault } from "./fault.js";
import { fieldsOf, readJson } from "./json-object.js";

/** `too_large`: more text than a draft holds. `malformed`: not a draft, or one of another version. */
export class DraftError extends Fault<"too_large" | "malformed"> {}

/** A letter that is to be continued, laid out as docs/FORMAT.md section 13 says. */
export interface Draft {
  /** As typed, by question id: text, or the values chosen. */
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
  /** The receipt code of an earlier letter, as typed; may be empty. */
  readonly receiptCode: string;
  /** Names of the documents that were chosen; a draft holds none of them. */
  readonly documents: readonly string[];
}

/** Bytes of a draft's text, padding included: few enough sizes that they tell nothing of the letter. */
const TEXT_BYTES = [48 * 1024, 240 * 1024, 1000 * 1024];

/** Bytes of an encrypted draft at most: the largest text, its archive, and the packets around it. */
export const MAX_DRAFT_MESSAGE_BYTES = 1088 * 1024;

/**
 * The text of a draft, padded with spaces.
 * @throws DraftError `too_large`
 */
export function writeDraft(draft: Draft): string {
  const text = JSON.stringify({ format: "postern-draft", version: 1, ...draft });
  const { length } = new TextEncoder().encode(text);
  const size = TEXT_BYTES.find((each) => each >= length);
  if (size === undefined) throw new DraftError("too_large", "a draft holds less text");
  return text + " ".repeat(size - length);
}

/** @throws DraftError `malformed` */
export function readDraft(text: string): Draft {
  const value = readJson(text, (cause) => new DraftError("malformed", "this is no draft", { cause }));
  const { format, version, answers, receiptCode, documents } = fieldsOf(value);
  const given = Object.entries(fieldsOf(answers));
  const good = format === "postern-draft" && version === 1 && typeof receiptCode === "string" && isTexts(documents);
  if (!good || !given.every(([, answer]) => typeof answer === "string" || isTexts(answer))) {
    throw new DraftError("malformed", "this is no draft of this version");
  }
  return { answers: Object.fromEntries(given) as Draft["answers"], receiptCode, documents };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
