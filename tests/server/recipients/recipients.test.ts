import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, readPrivateKey, revokeKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyPair, type KeyPair } from "../../../src/desk/index.js";
import { loadRecipients, RecipientsError } from "../../../src/server/recipients/index.js";
import { removeFolder } from "../../support/temporary.js";

const DAY = 24 * 60 * 60;
const later = (days: number) => new Date(Date.now() + days * DAY * 1000);
const pair = (lifetime = 365 * DAY, profile: "gnupg" | "rfc9580" = "gnupg"): Promise<KeyPair> =>
  createKeyPair({ profile, userId: { name: "test" }, passphrase: "", lifetime });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-keys-"));
});
afterEach(() => removeFolder(folder));

const put = (name: string, contents: string) => writeFile(join(folder, name), contents);

async function problems(date = new Date()): Promise<[file: string, code: string][]> {
  const error = await loadRecipients(folder, date).catch((cause: unknown) => cause);
  if (!(error instanceof RecipientsError)) throw new Error(`expected a refusal, got ${String(error)}`);
  for (const { message, cure } of error.problems) {
    expect(message).not.toBe("");
    expect(cure).not.toBe("");
  }
  return error.problems.map(({ file, code }) => [file.slice(folder.length + 1), code]);
}

describe("the keys folder", () => {
  it("gives every certificate in it, each once, in an order that file names do not decide", async () => {
    const [one, two] = await Promise.all([pair(), pair(365 * DAY, "rfc9580")]);
    await put("a.asc", one.certificate);
    await put("b.asc", `${two.certificate}\n${one.certificate}`);
    await put("README.md", "what this folder is for");
    const { all } = await loadRecipients(folder, new Date());
    const fingerprints = [one.fingerprint, two.fingerprint].sort();
    expect(all.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
    expect(all.find(({ fingerprint }) => fingerprint === two.fingerprint)?.aead).toBe("gcm");
    await rm(join(folder, "b.asc"));
    await put("0.asc", two.certificate);
    const again = await loadRecipients(folder, new Date());
    expect(again.all.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
  });

  it("is refused when it is empty or not there", async () => {
    expect(await problems()).toEqual([["", "none"]]);
    await rm(folder, { recursive: true });
    expect(await problems()).toEqual([["", "none"]]);
  });

  it("is refused for a secret key under any name", async () => {
    const { certificate, secretKey } = await pair();
    await put("good.asc", certificate);
    await put("secret.asc", secretKey);
    await put("backup.txt", `notes\n${secretKey}`);
    await put("both.asc", `${certificate}\n${secretKey}`);
    await writeFile(join(folder, "backup.gpg"), (await readPrivateKey({ armoredKey: secretKey })).write());
    expect((await problems()).sort()).toEqual([
      ["backup.gpg", "secret_key"],
      ["backup.txt", "secret_key"],
      ["both.asc", "secret_key"],
      ["secret.asc", "secret_key"],
    ]);
  });

  it("is refused for a certificate that has expired, even beside a good one", async () => {
    await put("good.asc", (await pair()).certificate);
    await put("old.asc", (await pair(DAY)).certificate);
    expect(await problems(later(2))).toEqual([["old.asc", "expired"]]);
  });

  it("is refused for a certificate that has been revoked", async () => {
    const { privateKey } = await generateKey({ userIDs: [{ name: "x" }], format: "object" });
    const { publicKey } = await revokeKey({ key: privateKey, format: "armored" });
    await put("revoked.asc", publicKey);
    expect(await problems()).toEqual([["revoked.asc", "revoked"]]);
  });

  it("is refused for a certificate that cannot be encrypted to", async () => {
    const { publicKey } = await generateKey({ userIDs: [{ name: "x" }], subkeys: [{ sign: true }] });
    await put("signing.asc", publicKey);
    expect(await problems()).toEqual([["signing.asc", "no_encryption_key"]]);
  });

  it("is refused for RSA under 3072 bits", async () => {
    const { publicKey } = await generateKey({ type: "rsa", rsaBits: 2048, userIDs: [{ name: "x" }] });
    await put("weak.asc", publicKey);
    expect(await problems()).toEqual([["weak.asc", "weak_algorithm"]]);
  });

  it.each([
    ["nothing", ""],
    ["something else", "-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n"],
    ["damage", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcdefgh\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"],
    ["half of one", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ"],
  ])("is refused for a file that holds %s", async (_what, contents) => {
    await put("x.asc", contents);
    expect(await problems()).toEqual([["x.asc", "unreadable"]]);
  });

  it("names every file at fault at once", async () => {
    await put("a.asc", "");
    await put("b.asc", (await pair(DAY)).certificate);
    await mkdir(join(folder, "folder.asc"));
    expect(await problems(later(3))).toEqual([
      ["a.asc", "unreadable"],
      ["b.asc", "expired"],
    ]);
  });

  it("warns from 30 days before the end, and refuses from the end on", async () => {
    await put("a.asc", (await pair(60 * DAY)).certificate);
    const recipients = await loadRecipients(folder, new Date());
    expect(recipients.warnings(later(29))).toEqual([]);
    expect(recipients.warnings(later(31))).toHaveLength(1);
    expect(recipients.at(later(59))).toHaveLength(1);
    expect(() => recipients.at(later(60.01))).toThrow(RecipientsError);
  });
});
