import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer, writeAnswer } from "../../src/seal/answer.js";
import { ANSWER_BYTES, type MailboxAnswer, type Question, repliesIn, roomIn, SealError } from "../../src/seal/index.js";
import { QUESTION_BYTES, readQuestion, writeQuestion } from "../../src/seal/question.js";
import { seeded } from "../support/seed.js";

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((found) => Buffer.from(found).toString("hex"));
const mailbox = fc.stringMatching(/^[a-z2-7]{32}$/);
const size = fc.constantFrom("small" as const, "large" as const);
const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const day = fc.integer({ min: 0, max: 20_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
const question: fc.Arbitrary<Question> = fc.oneof(
  fc.record({ kind: fc.constant("cover" as const), size, mailbox }),
  fc.record({ kind: fc.constant("list" as const), size, mailbox, from: number }),
  fc.record({ kind: fc.constant("read" as const), size, mailbox, reply: hexOf(16), from: number }),
  fc.record({ kind: fc.constant("remove" as const), size, mailbox, reply: hexOf(16), day }),
);
const answer: fc.Arbitrary<MailboxAnswer> = fc.oneof(
  fc.constantFrom({ kind: "nothing" as const }, { kind: "removed" as const }),
  fc.record({
    kind: fc.constant("bytes" as const),
    bytes: fc.uint8Array({ maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
  }),
  fc.record({
    kind: fc.constant("replies" as const),
    more: fc.boolean(),
    replies: fc.array(fc.record({ id: hexOf(16), day, bytes: number }), { maxLength: 4 }),
  }),
);

/** What `read` makes of `bytes`; null where it refuses them as it may. */
function readOrNull<Found>(read: () => Found): Found | null {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SealError && cause.code === "malformed") return null;
    throw cause;
  }
}

describe("a question", () => {
  it("has one length, and is read as it was written", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const bytes = writeQuestion(asked);
        expect(bytes).toHaveLength(QUESTION_BYTES);
        expect(readQuestion(bytes)).toEqual(asked);
      }),
      seeded(300),
    );
  });

  it("is refused or means one thing only, whatever its bytes are", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: QUESTION_BYTES + 1 }),
      fc.tuple(question, fc.nat(QUESTION_BYTES - 1), fc.nat(255)).map(([asked, at, byte]) => {
        const changed = writeQuestion(asked);
        changed[at] = byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(bytes, (hostile) => {
        const read = readOrNull(() => readQuestion(hostile));
        if (read !== null) expect([...writeQuestion(read)]).toEqual([...hostile]);
      }),
      seeded(300),
    );
  });
});

describe("an answer", () => {
  it("has one of two lengths whatever is in it, and is read as it was written", () => {
    fc.assert(
      fc.property(answer, size, (given, size) => {
        const bytes = writeAnswer(given, size);
        expect(bytes).toHaveLength(ANSWER_BYTES[size]);
        expect(readAnswer(bytes, size)).toEqual(given);
      }),
      seeded(300),
    );
  });

  it("is filled to the last byte, and not beyond", () => {
    const bytes = new Uint8Array(roomIn("small")).fill(7);
    expect(readAnswer(writeAnswer({ kind: "bytes", bytes }, "small"), "small")).toEqual({ kind: "bytes", bytes });
    const longer = new Uint8Array(roomIn("small") + 1);
    expect(() => writeAnswer({ kind: "bytes", bytes: longer }, "small")).toThrow(RangeError);
    const replies = Array.from({ length: repliesIn("small") }, () => ({
      id: "0f".repeat(16),
      day: "2026-11-27",
      bytes: 1,
    }));
    const list = { kind: "replies" as const, replies, more: true };
    expect(readAnswer(writeAnswer(list, "small"), "small")).toEqual(list);
  });

  it("is refused or means one thing only, whatever its bytes are", () => {
    const changed = fc.tuple(answer, fc.nat(ANSWER_BYTES.small - 1), fc.nat(255));
    fc.assert(
      fc.property(changed, ([given, at, byte]) => {
        const hostile = writeAnswer(given, "small");
        hostile[at] = byte;
        const read = readOrNull(() => readAnswer(hostile, "small"));
        if (read !== null) expect(Buffer.from(writeAnswer(read, "small")).equals(hostile)).toBe(true);
      }),
      seeded(300),
    );
  });
});
