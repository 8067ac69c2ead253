import { fromHex, isMailboxId, toHex } from "../core/index.js";
import { dayNumber, dayOfNumber, isZero, viewOf } from "./fields.js";
import { SealError } from "./seal-error.js";

/** How long the answer shall be. It never depends on what there is to answer. */
export type AnswerSize = "small" | "large";

/**
 * What is asked of a mailbox: docs/FORMAT.md section 18. `cover` asks for nothing, and looks like all others on the
 * way. Replies are named by 32 hex digits, days as YYYY-MM-DD.
 */
export type Question = { readonly size: AnswerSize; readonly mailbox: string } & (
  | { readonly kind: "cover" }
  /** The replies from number `from` on. */
  | { readonly kind: "list"; readonly from: number }
  /** The ciphertext of one from byte `from` on. */
  | { readonly kind: "read"; readonly reply: string; readonly from: number }
  /** Deletes one, if it was stored on `day`: a copy of this question cannot delete what is stored again later. */
  | { readonly kind: "remove"; readonly reply: string; readonly day: string }
);

/** Every question has this length, in bytes. */
export const QUESTION_BYTES = 64;

const KINDS = ["cover", "list", "read", "remove"] as const;
const SIZES = ["small", "large"] as const;
const MAILBOX = 2;
const REPLY = 34;
const NUMBER = 50;
const END = 54;

export function writeQuestion(question: Question): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(QUESTION_BYTES);
  bytes[0] = KINDS.indexOf(question.kind);
  bytes[1] = SIZES.indexOf(question.size);
  bytes.set(new TextEncoder().encode(question.mailbox), MAILBOX);
  if ("reply" in question) bytes.set(fromHex(question.reply), REPLY);
  const number = "from" in question ? question.from : "day" in question ? dayNumber(question.day) : 0;
  viewOf(bytes).setUint32(NUMBER, number);
  return bytes;
}

/** @throws SealError `malformed` */
export function readQuestion(bytes: Uint8Array): Question {
  if (bytes.length !== QUESTION_BYTES) throw malformed("length");
  const kind = KINDS[bytes[0] ?? KINDS.length];
  const size = SIZES[bytes[1] ?? SIZES.length];
  const mailbox = String.fromCharCode(...bytes.subarray(MAILBOX, REPLY));
  const reply = toHex(bytes.subarray(REPLY, NUMBER));
  const number = viewOf(bytes).getUint32(NUMBER);
  if (kind === undefined || size === undefined) throw malformed("kind");
  if (!isMailboxId(mailbox)) throw malformed("mailbox");
  if (!isZero(bytes.subarray(END))) throw malformed("end");
  const named = kind === "read" || kind === "remove";
  if (!named && !isZero(bytes.subarray(REPLY, NUMBER))) throw malformed("reply");
  const about = { size, mailbox };
  if (kind === "list") return { kind, ...about, from: number };
  if (kind === "read") return { kind, ...about, reply, from: number };
  if (kind === "cover" && number === 0) return { kind, ...about };
  const day = dayOfNumber(number);
  if (kind !== "remove" || day === null) throw malformed("number");
  return { kind, ...about, reply, day };
}

function malformed(what: string): SealError {
  return new SealError("malformed", `the question's ${what} is not one of ours`);
}
