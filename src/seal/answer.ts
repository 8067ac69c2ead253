import { fromHex, toHex } from "../core/index.js";
import { dayNumber, dayOfNumber, isZero, viewOf } from "./fields.js";
import type { AnswerSize } from "./question.js";
import { SealError } from "./seal-error.js";

/** A reply that a mailbox holds: its id in 32 hex digits, the day of its storage, and the bytes of its ciphertext. */
export interface ListedReply {
  readonly id: string;
  readonly day: string;
  readonly bytes: number;
}

/** What a portal answers: docs/FORMAT.md section 18. */
export type MailboxAnswer =
  /** There is nothing of the kind, or nothing was asked for. */
  | { readonly kind: "nothing" }
  /** `more`: there are replies after these. */
  | { readonly kind: "replies"; readonly replies: readonly ListedReply[]; readonly more: boolean }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "removed" };

const KINDS = ["nothing", "replies", "bytes", "removed"] as const;
/**
 * Bytes of every answer of a size. A large one holds a whole reply of the usual length. A small one passes where a
 * connection is silenced after some 25 packets.
 */
export const ANSWER_BYTES: Readonly<Record<AnswerSize, number>> = { small: 2_560, large: 67_584 };
const LENGTH = 2;
const CONTENT = 6;
const ENTRY_BYTES = 24;
const ENTRY_DAY = 16;
const ENTRY_LENGTH = 20;

/** Bytes of ciphertext that an answer can hold. */
export function roomIn(size: AnswerSize): number {
  return ANSWER_BYTES[size] - CONTENT;
}

/** Replies that an answer can list. */
export function repliesIn(size: AnswerSize): number {
  return Math.floor(roomIn(size) / ENTRY_BYTES);
}

/** @throws RangeError for more than there is room for */
export function writeAnswer(answer: MailboxAnswer, size: AnswerSize): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ANSWER_BYTES[size]);
  const content = contentOf(answer);
  bytes[0] = KINDS.indexOf(answer.kind);
  bytes[1] = answer.kind === "replies" && answer.more ? 1 : 0;
  viewOf(bytes).setUint32(LENGTH, content.length);
  bytes.set(content, CONTENT);
  return bytes;
}

/** @throws SealError `malformed` */
export function readAnswer(bytes: Uint8Array, size: AnswerSize): MailboxAnswer {
  if (bytes.length !== ANSWER_BYTES[size]) throw malformed("length");
  const kind = KINDS[bytes[0] ?? KINDS.length];
  const more = bytes[1] ?? 0;
  const length = viewOf(bytes).getUint32(LENGTH);
  if (kind === undefined || more > (kind === "replies" ? 1 : 0)) throw malformed("kind");
  if (length > roomIn(size) || !isZero(bytes.subarray(CONTENT + length))) throw malformed("padding");
  const content = bytes.slice(CONTENT, CONTENT + length);
  if (kind === "bytes") return { kind, bytes: content };
  if (kind === "replies") return { kind, more: more === 1, replies: repliesOf(content) };
  if (length > 0) throw malformed("content");
  return { kind };
}

function contentOf(answer: MailboxAnswer): Uint8Array {
  if (answer.kind === "bytes") return answer.bytes;
  if (answer.kind !== "replies") return new Uint8Array(0);
  const content = new Uint8Array(answer.replies.length * ENTRY_BYTES);
  for (const [index, { id, day, bytes }] of answer.replies.entries()) {
    const entry = content.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    entry.set(fromHex(id));
    viewOf(entry).setUint32(ENTRY_DAY, dayNumber(day));
    viewOf(entry).setUint32(ENTRY_LENGTH, bytes);
  }
  return content;
}

function repliesOf(content: Uint8Array): readonly ListedReply[] {
  if (content.length % ENTRY_BYTES !== 0) throw malformed("list");
  return Array.from({ length: content.length / ENTRY_BYTES }, (_, index) => {
    const entry = content.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    const day = dayOfNumber(viewOf(entry).getUint32(ENTRY_DAY));
    if (day === null) throw malformed("day");
    return { id: toHex(entry.subarray(0, ENTRY_DAY)), day, bytes: viewOf(entry).getUint32(ENTRY_LENGTH) };
  });
}

function malformed(what: string): SealError {
  return new SealError("malformed", `the answer's ${what} is not one of a portal's`);
}
