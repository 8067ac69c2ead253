import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { joinBytes } from "../core/index.js";
import { ANSWER_BYTES, type MailboxAnswer, readAnswer, writeAnswer } from "./answer.js";
import { QUESTION_BYTES, type Question, readQuestion, writeQuestion } from "./question.js";
import { SealError } from "./seal-error.js";

/** RFC 9180, base mode. The curve and the cipher are those of every browser with WebCrypto. */
const SUITE = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});
const INFO = "postern mailbox 1";
const EXPORT = "postern mailbox answer 1";
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const VERSION = 1;
const POINT_BYTES = 65;
const TAG_BYTES = 16;
const KEY_BYTES = 16;
const IV_BYTES = 12;
const NONCE_BYTES = 16;

/** Bytes of every sealed question. */
export const SEALED_QUESTION_BYTES = 1 + POINT_BYTES + QUESTION_BYTES + TAG_BYTES;

export interface SealedQuestion {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the portal answers to this question, and nobody else to any. Rejects with SealError. */
  readonly open: (sealed: Uint8Array<ArrayBuffer>) => Promise<MailboxAnswer>;
}

export interface OpenedQuestion {
  readonly question: Question;
  readonly seal: (answer: MailboxAnswer) => Promise<Uint8Array<ArrayBuffer>>;
}

/** A portal's key for questions, as {@link sealQuestion} takes it. @param spki SubjectPublicKeyInfo */
export function importMailboxKey(spki: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", spki, CURVE, true, []);
}

/** The same with its secret half, as {@link openQuestion} takes it. @param pkcs8 the secret half */
export async function importMailboxKeyPair(
  spki: Uint8Array<ArrayBuffer>,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<CryptoKeyPair> {
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, CURVE, false, ["deriveBits"]);
  return { privateKey, publicKey: await importMailboxKey(spki) };
}

/**
 * Seals a question to a portal: a key that is used once, so that two seals of one question have nothing in common.
 * @param ephemeral that key; for test vectors
 */
export async function sealQuestion(
  question: Question,
  portal: CryptoKey,
  ephemeral?: CryptoKeyPair,
): Promise<SealedQuestion> {
  const used = ephemeral === undefined ? {} : { ekm: ephemeral };
  const sender = await SUITE.createSenderContext({ recipientPublicKey: portal, info: bytesOf(INFO), ...used });
  const point = new Uint8Array(sender.enc);
  const ciphertext = await sender.seal(writeQuestion(question));
  const secret = await sender.export(bytesOf(EXPORT), KEY_BYTES);
  const { size } = question;
  return {
    bytes: joinBytes([Uint8Array.of(VERSION), point, new Uint8Array(ciphertext)]),
    open: async (sealed) => {
      if (sealed.length !== NONCE_BYTES + ANSWER_BYTES[size] + TAG_BYTES) {
        throw new SealError("malformed", "the answer has another length than all answers");
      }
      const { key, iv } = await answerKey(secret, point, sealed.subarray(0, NONCE_BYTES));
      const plain = await crypto.subtle
        .decrypt({ name: "AES-GCM", iv }, key, sealed.subarray(NONCE_BYTES))
        .catch(notOurs);
      return readAnswer(new Uint8Array(plain), size);
    },
  };
}

/** Opens what {@link sealQuestion} has sealed. @throws SealError */
export async function openQuestion(sealed: Uint8Array<ArrayBuffer>, portal: CryptoKeyPair): Promise<OpenedQuestion> {
  if (sealed.length !== SEALED_QUESTION_BYTES || sealed[0] !== VERSION) {
    throw new SealError("malformed", "this is no sealed question");
  }
  const point = sealed.slice(1, 1 + POINT_BYTES);
  const recipient = await SUITE.createRecipientContext({
    recipientKey: portal,
    enc: point.buffer,
    info: bytesOf(INFO),
  }).catch(notOurs);
  const plain = await recipient.open(sealed.slice(1 + POINT_BYTES)).catch(notOurs);
  const question = readQuestion(new Uint8Array(plain));
  return {
    question,
    seal: async (answer) => {
      const secret = await recipient.export(bytesOf(EXPORT), KEY_BYTES);
      // The same question may be sent again by whoever has seen it: each answer has a key of its own.
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const { key, iv } = await answerKey(secret, point, nonce);
      const written = writeAnswer(answer, question.size);
      const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, written);
      return joinBytes([nonce, new Uint8Array(ciphertext)]);
    },
  };
}

/** As in Oblivious HTTP: RFC 9458 section 4.4. */
async function answerKey(secret: ArrayBuffer, point: Uint8Array, nonce: Uint8Array) {
  const from = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const salt = joinBytes([point, nonce]);
  const derive = (info: string, bytes: number) =>
    crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: bytesOf(info) }, from, bytes * 8);
  const [key, iv] = await Promise.all([derive("key", KEY_BYTES), derive("nonce", IV_BYTES)]);
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]), iv };
}

function notOurs(cause: unknown): never {
  throw new SealError("not_ours", "this was sealed to somebody else, or changed", { cause });
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
