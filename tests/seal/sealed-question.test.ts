import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ANSWER_BYTES,
  importMailboxKeyPair,
  type MailboxAnswer,
  openQuestion,
  type Question,
  SEALED_QUESTION_BYTES,
  sealQuestion,
} from "../../src/seal/index.js";

interface Vectors {
  readonly spki: string;
  readonly pkcs8: string;
  readonly cases: readonly {
    readonly question: Question;
    readonly ephemeralSpki: string;
    readonly ephemeralPkcs8: string;
    readonly sealed: string;
    readonly answer: { readonly kind: string; readonly bytes?: string };
    readonly sealedAnswer: string;
  }[];
}

const { cases, ...portalKeys } = JSON.parse(
  readFileSync(new URL("../vectors/seal.json", import.meta.url), "utf8"),
) as Vectors;
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const pairOf = (spki: string, pkcs8: string) => importMailboxKeyPair(fromBase64(spki), fromBase64(pkcs8));
const QUESTION: Question = { kind: "list", size: "small", mailbox: "a".repeat(32), from: 0 };
const NOTHING: MailboxAnswer = { kind: "nothing" };
const malformed = { code: "malformed" };
const notOurs = { code: "not_ours" };

let portal: CryptoKeyPair;
beforeAll(async () => {
  portal = await pairOf(portalKeys.spki, portalKeys.pkcs8);
});

const changed = (bytes: Uint8Array, at: number) => {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe("a sealed question", () => {
  it.each(cases)("and its answer are those of the vectors: $question.kind", async (vector) => {
    const ephemeral = await pairOf(vector.ephemeralSpki, vector.ephemeralPkcs8);
    const sealed = await sealQuestion(vector.question, portal.publicKey, ephemeral);
    expect(Buffer.from(sealed.bytes).toString("base64")).toBe(vector.sealed);
    const { question } = await openQuestion(fromBase64(vector.sealed), portal);
    expect(question).toEqual(vector.question);
    const { bytes } = vector.answer;
    const answer = bytes === undefined ? vector.answer : { ...vector.answer, bytes: fromBase64(bytes) };
    expect(await sealed.open(fromBase64(vector.sealedAnswer))).toEqual(answer);
  });

  it("has one length, and looks different each time", async () => {
    const [first, second] = await Promise.all([
      sealQuestion(QUESTION, portal.publicKey),
      sealQuestion({ ...QUESTION, kind: "cover" } as Question, portal.publicKey),
    ]);
    expect([first.bytes.length, second.bytes.length]).toEqual([SEALED_QUESTION_BYTES, SEALED_QUESTION_BYTES]);
    const again = await sealQuestion(QUESTION, portal.publicKey);
    // Only the version, and that a point is not compressed.
    expect(Buffer.from(again.bytes.subarray(2, 34)).equals(first.bytes.subarray(2, 34))).toBe(false);
    expect(Buffer.from(again.bytes.subarray(66)).equals(first.bytes.subarray(66))).toBe(false);
  });

  it("is refused if any byte of it is another, or some are missing, or too many, or it is sealed to somebody else", async () => {
    const { bytes } = await sealQuestion(QUESTION, portal.publicKey);
    await expect(openQuestion(changed(bytes, 0), portal)).rejects.toMatchObject(malformed);
    for (let at = 1; at < bytes.length; at += 1) {
      await expect(openQuestion(changed(bytes, at), portal), `byte ${at}`).rejects.toMatchObject(notOurs);
    }
    for (const other of [bytes.slice(1), bytes.slice(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array(0)]) {
      await expect(openQuestion(other, portal)).rejects.toMatchObject(malformed);
    }
    const [vector] = cases;
    const stranger = await pairOf(vector?.ephemeralSpki ?? "", vector?.ephemeralPkcs8 ?? "");
    await expect(openQuestion(bytes, stranger)).rejects.toMatchObject(notOurs);
  });

  it("has no other answer than the portal's to this very question", async () => {
    const asked = await sealQuestion(QUESTION, portal.publicKey);
    const { seal } = await openQuestion(asked.bytes, portal);
    const answer = await seal(NOTHING);
    expect(answer).toHaveLength(16 + ANSWER_BYTES.small + 16);
    expect(await asked.open(answer)).toEqual(NOTHING);
    const later = await sealQuestion(QUESTION, portal.publicKey);
    await expect(later.open(answer)).rejects.toMatchObject(notOurs);
    for (const at of [0, 15, 16, answer.length - 17, answer.length - 1]) {
      await expect(asked.open(changed(answer, at)), `byte ${at}`).rejects.toMatchObject(notOurs);
    }
    await expect(asked.open(answer.slice(1))).rejects.toMatchObject(malformed);
    await expect(asked.open(new Uint8Array(0))).rejects.toMatchObject(malformed);
  });

  it("that is sent twice has two answers with nothing in common", async () => {
    const { bytes } = await sealQuestion(QUESTION, portal.publicKey);
    const answers = await Promise.all([1, 2].map(async () => (await openQuestion(bytes, portal)).seal(NOTHING)));
    const [first = new Uint8Array(0), second = new Uint8Array(0)] = answers;
    expect(Buffer.from(first.subarray(0, 16)).equals(second.subarray(0, 16))).toBe(false);
    expect(Buffer.from(first.subarray(16, 48)).equals(second.subarray(16, 48))).toBe(false);
  });
});
