import { createDecipheriv, createECDH, createHmac, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** HPKE again, by RFC 9180 and node:crypto alone, so that the vectors are not only what the library says. */

interface Vectors {
  readonly pkcs8: string;
  readonly cases: readonly {
    readonly question: { readonly kind: string; readonly mailbox: string };
    readonly sealed: string;
    readonly answer: { readonly kind: string };
    readonly sealedAnswer: string;
  }[];
}

const vectors = JSON.parse(readFileSync(new URL("../vectors/seal.json", import.meta.url), "utf8")) as Vectors;
/** DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
const KEM_SUITE = Buffer.from("KEM\x00\x10", "latin1");
const SUITE = Buffer.from("HPKE\x00\x10\x00\x01\x00\x01", "latin1");
const NONE = Buffer.alloc(0);
const text = (words: string) => Buffer.from(words);
const hmac = (key: Buffer, data: Buffer) => createHmac("sha256", key).update(data).digest();

/** Sections 4 and 4.1: what is derived is one block of SHA-256 or less. */
const expand = (key: Buffer, info: Buffer, bytes: number) =>
  hmac(key, Buffer.concat([info, Buffer.of(1)])).subarray(0, bytes);
const labeledExtract = (suite: Buffer, salt: Buffer, label: string, ikm: Buffer) =>
  hmac(salt, Buffer.concat([text("HPKE-v1"), suite, text(label), ikm]));
const labeledExpand = (suite: Buffer, key: Buffer, label: string, info: Buffer, bytes: number) =>
  expand(key, Buffer.concat([Buffer.of(0, bytes), text("HPKE-v1"), suite, text(label), info]), bytes);

function openGcm(key: Buffer, iv: Buffer, sealed: Buffer): Buffer {
  const cipher = createDecipheriv("aes-128-gcm", key, iv).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** Section 5.1 in base mode, for whoever holds the portal's key. */
function contextOf(enc: Buffer): { readonly key: Buffer; readonly nonce: Buffer; readonly exporter: Buffer } {
  const portal = createECDH("prime256v1");
  const { d } = createPrivateKey({
    key: Buffer.from(vectors.pkcs8, "base64"),
    format: "der",
    type: "pkcs8",
  }).export({ format: "jwk" });
  portal.setPrivateKey(Buffer.from(d ?? "", "base64url"));
  const kemContext = Buffer.concat([enc, portal.getPublicKey()]);
  const prk = labeledExtract(KEM_SUITE, NONE, "eae_prk", portal.computeSecret(enc));
  const shared = labeledExpand(KEM_SUITE, prk, "shared_secret", kemContext, 32);
  const context = Buffer.concat([
    Buffer.of(0),
    labeledExtract(SUITE, NONE, "psk_id_hash", NONE),
    labeledExtract(SUITE, NONE, "info_hash", text("postern mailbox 1")),
  ]);
  const secret = labeledExtract(SUITE, shared, "secret", NONE);
  return {
    key: labeledExpand(SUITE, secret, "key", context, 16),
    nonce: labeledExpand(SUITE, secret, "base_nonce", context, 12),
    exporter: labeledExpand(SUITE, secret, "exp", context, 32),
  };
}

describe("the vectors of sealed questions", () => {
  it.each(vectors.cases)("are RFC 9180's and RFC 9458's: $question.kind", ({ question, sealed, ...vector }) => {
    const bytes = Buffer.from(sealed, "base64");
    const enc = bytes.subarray(1, 66);
    const context = contextOf(enc);
    const asked = openGcm(context.key, context.nonce, bytes.subarray(66));
    expect(asked).toHaveLength(64);
    expect(asked[0]).toBe(["cover", "list", "read", "remove"].indexOf(question.kind));
    expect(asked.subarray(2, 34).toString("latin1")).toBe(question.mailbox);

    const answer = Buffer.from(vector.sealedAnswer, "base64");
    const secret = labeledExpand(SUITE, context.exporter, "sec", text("postern mailbox answer 1"), 16);
    // RFC 9458 section 4.4.
    const prk = hmac(Buffer.concat([enc, answer.subarray(0, 16)]), secret);
    const said = openGcm(expand(prk, text("key"), 16), expand(prk, text("nonce"), 12), answer.subarray(16));
    expect(said[0]).toBe(["nothing", "replies", "bytes", "removed"].indexOf(vector.answer.kind));
  });
});
