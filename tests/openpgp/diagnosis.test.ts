import { readFileSync } from "node:fs";
import { createMessage, encrypt, type PrivateKey } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import { Fault } from "../../src/core/index.js";
import { DecryptError, type DecryptFault, diagnose, type KeyPart, KeyRing } from "../../src/openpgp/index.js";
import { streamOf, utf8 } from "../support/bytes.js";
import { lockedBy, makeSecretKey } from "../support/secret-keys.js";

const vector = (name: string) => readFileSync(new URL(`../vectors/${name}`, import.meta.url));

async function codeOf(contents: Uint8Array, fault: DecryptFault, closed: readonly KeyPart[] = []): Promise<string> {
  const told = await diagnose(() => streamOf(contents), new DecryptError(fault, "x"), closed);
  return told instanceof Fault ? String(told.code) : "";
}

describe("the cause of a refusal", () => {
  const whole = vector("accepted/openpgpjs-v1.pgp");
  it.each<[DecryptFault, DecryptFault, string, Uint8Array]>([
    ["not_a_message", "empty", "an empty file", new Uint8Array(0)],
    ["not_a_message", "not_encrypted", "a letter", utf8("Здравствуйте")],
    ["not_a_message", "not_encrypted", "a letter in English", utf8("Hello")],
    ["not_a_message", "not_encrypted", "a picture", vector("rejected/jpeg.pgp")],
    ["not_a_message", "not_encrypted", "a key", vector("rejected/public-key.pgp")],
    ["no_matching_key", "not_encrypted", "a signed message", vector("rejected/signed-only.pgp")],
    ["not_a_message", "password_encrypted", "a message with a password", vector("rejected/with-password.pgp")],
    ["damaged", "truncated", "a message that is cut off", whole.subarray(0, whole.length - 1)],
    ["not_a_message", "truncated", "a message cut off in its first packet", whole.subarray(0, 40)],
    ["damaged", "trailing_data", "a message with something after it", vector("rejected/trailing-byte.pgp")],
    ["not_a_message", "unsupported", "GnuPG's own OCB", vector("rejected/ocb-of-gnupg.pgp")],
    ["not_a_message", "unsupported", "a key of another algorithm", vector("rejected/elgamal.pgp")],
    ["not_a_message", "unsupported", "no integrity check", vector("rejected/without-integrity.pgp")],
    [
      "not_a_message",
      "bad_armor",
      "armor that was changed",
      utf8(
        vector("rejected/armored.pgp")
          .toString()
          .replace(/^\w{10}/m, "!!"),
      ),
    ],
    ["not_a_message", "truncated", "armor that is cut off", vector("rejected/armored.pgp").subarray(0, 200)],
    ["damaged", "damaged", "a whole message", whole],
    ["no_matching_key", "no_matching_key", "a whole message for somebody else", whole],
    ["too_compressed", "too_compressed", "a message that grows", utf8("x")],
    ["unreadable", "unreadable", "a medium that fails", utf8("x")],
  ])("is %s at first, and %s for %s", async (fault, code, _what, contents) => {
    expect(await codeOf(contents, fault)).toBe(code);
  });

  it("keeps what it was said first, and anything that is no fault of ours", async () => {
    const first = new DecryptError("damaged", "x");
    expect(await diagnose(() => streamOf(whole), first, [])).toBe(first);
    const other = new Error("x");
    expect(await diagnose(() => streamOf(whole), other, [])).toBe(other);
    const told = await diagnose(() => streamOf(new Uint8Array(0)), first, []);
    expect(told).toMatchObject({ cause: first });
  });

  it("stays what it was if the file cannot be read again", async () => {
    const broken = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(new Error("EIO")),
      });
    expect(await diagnose(broken, new DecryptError("damaged", "x"), [])).toMatchObject({ code: "damaged" });
  });
});

describe("a message for none of the open keys", () => {
  let key: PrivateKey;
  let other: PrivateKey;
  let locked: readonly KeyPart[];
  beforeAll(async () => {
    [key, other] = await Promise.all([makeSecretKey(), makeSecretKey()]);
    const ring = new KeyRing();
    await ring.add((await lockedBy(key, "one")).write());
    locked = ring.closed;
  });
  const message = async (to: PrivateKey, wildcard: boolean) => {
    const made = await createMessage({ text: "x" });
    return (await encrypt({ message: made, encryptionKeys: to.toPublic(), wildcard, format: "binary" })) as Uint8Array;
  };
  const as = (lock: KeyPart["lock"]) => locked.map((part) => ({ ...part, lock }));

  it.each<[DecryptFault, string, boolean, boolean, KeyPart["lock"]]>([
    ["locked_key", "a locked key that it names", false, true, "passphrase"],
    ["card_key", "a key on a smart card that it names", false, true, "card"],
    ["no_matching_key", "a key that is not there, which it names", false, false, "passphrase"],
    ["locked_key", "a hidden recipient, while a key is locked", true, true, "passphrase"],
    ["no_matching_key", "a hidden recipient, with no key locked", true, true, "absent"],
  ])("is refused as %s for %s", async (code, _what, hidden, ours, lock) => {
    expect(await codeOf(await message(ours ? key : other, hidden), "no_matching_key", as(lock))).toBe(code);
  });

  it("names the key that it is for", async () => {
    const forOther = await message(other, false);
    const told = await diagnose(() => streamOf(forOther), new DecryptError("no_matching_key", "it does not open"), []);
    const keyId = other.subkeys[0]?.getKeyID().toHex().toUpperCase();
    expect(told).toMatchObject({ message: `it does not open: it is for the key ${keyId}` });
  });
});
