import { describe, expect, it } from "vitest";
import {
  createReceiptCode,
  createReply,
  deriveDraftAddress,
  deriveReplyAddress,
  MAX_DRAFT_MESSAGE_BYTES,
  readDraft,
  writeDraft,
} from "../../src/core/index.js";

const DRAFT = {
  answers: { message: "Здравствуйте.\nПомогите.", choice: ["one", "two"] },
  receiptCode: "1234",
  documents: ["паспорт.jpg", ""],
};
const bytesOf = (text: string) => new TextEncoder().encode(text).length;
const withText = (length: number) => writeDraft({ ...DRAFT, answers: { message: "x".repeat(length) } });
const EMPTY = bytesOf(JSON.stringify({ format: "postern-draft", version: 1, ...DRAFT, answers: { message: "" } }));

describe("a draft", () => {
  it("is read as it was written", () => {
    expect(readDraft(writeDraft(DRAFT))).toEqual(DRAFT);
  });

  it.each([
    [0, 48],
    [48 * 1024 - EMPTY, 48],
    [48 * 1024 - EMPTY + 1, 240],
    [240 * 1024 - EMPTY, 240],
    [240 * 1024 - EMPTY + 1, 1000],
    [1000 * 1024 - EMPTY, 1000],
  ])("with %i characters is as long as others: %i KiB", (length, kib) => {
    expect(bytesOf(withText(length))).toBe(kib * 1024);
  });

  it("holds no more", () => {
    expect(() => withText(1000 * 1024 - EMPTY + 1)).toThrow(expect.objectContaining({ code: "too_large" }));
  });

  it("is an archive of one of three sizes, all of which the server takes", () => {
    const lengths = [0, 40_000, 48 * 1024, 200_000, 240 * 1024, 1_000_000];
    const sizes = lengths.map((length) => createReply({ text: withText(length), documents: [] }).size);
    expect(sizes).toEqual([65_536, 65_536, 249_856, 249_856, 1_032_192, 1_032_192]);
    expect(MAX_DRAFT_MESSAGE_BYTES).toBeGreaterThan(1_032_192 + 64 * 1024);
  });

  it.each([
    ["no JSON", "Здравствуйте"],
    ["another format", JSON.stringify({ ...DRAFT, format: "postern-reply", version: 1 })],
    ["another version", JSON.stringify({ ...DRAFT, format: "postern-draft", version: 2 })],
    ["no documents", JSON.stringify({ ...DRAFT, documents: undefined, format: "postern-draft", version: 1 })],
    ["a document that is a number", JSON.stringify({ ...DRAFT, documents: [1], format: "postern-draft", version: 1 })],
    [
      "an answer that is a number",
      JSON.stringify({ ...DRAFT, answers: { a: 1 }, format: "postern-draft", version: 1 }),
    ],
    ["an answer of numbers", JSON.stringify({ ...DRAFT, answers: { a: [1] }, format: "postern-draft", version: 1 })],
  ])("is refused with %s", (_what, text) => {
    expect(() => readDraft(text)).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  it("has a place that its number's replies do not have", async () => {
    const code = createReceiptCode();
    const salt = new Uint8Array(16).fill(7);
    const [draft, reply] = [await deriveDraftAddress(code, salt), await deriveReplyAddress(code, salt)];
    expect(draft.mailbox).not.toBe(reply.mailbox);
    expect(draft.key).not.toBe(reply.key);
  });
});
