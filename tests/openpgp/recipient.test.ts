import {
  generateKey,
  type KeyOptions,
  type PrivateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  revokeKey,
} from "openpgp";
import { describe, expect, test } from "vitest";
import { type Certificate, holdsSecretKey, RecipientError, readCertificates } from "../../src/openpgp/index.js";
import { codeOf, failureOf } from "../support/bytes.js";
import { recipientFrom } from "../support/keys.js";
import { readManifest, readText } from "../vectors/manifest.js";

const { certificates } = readManifest();
const accepted = certificates.filter(({ code }) => code === null);
const refused = certificates.filter(({ code }) => code !== null);
const NOW = new Date("2026-03-01T12:00:00Z");
/** After the creation of every certificate in the vectors, except the one from the future. */
const LATER = new Date("2040-01-01");
const DAY = 86_400;

/** The date `days` after NOW. */
function inDays(days: number, milliseconds = 0): Date {
  return new Date(NOW.getTime() + days * DAY * 1000 + milliseconds);
}

type Options = Partial<Omit<KeyOptions, "format">>;

async function make(options: Options = {}): Promise<{ privateKey: PrivateKey; publicKey: PublicKey }> {
  return generateKey({ userIDs: [{ name: "Test" }], date: NOW, ...options, format: "object" });
}

async function certificateFile(file: string): Promise<Certificate[]> {
  return readCertificates(readText(file));
}

async function firstOf(file: string): Promise<Certificate> {
  const [certificate] = await certificateFile(file);
  if (certificate === undefined) throw new Error(`${file} holds no certificate`);
  return certificate;
}

describe("an accepted certificate", () => {
  test.each(accepted)("$file ($origin)", async ({ file, aead }) => {
    const certificate = await firstOf(file);
    const recipient = await recipientFrom(certificate, LATER);
    expect(recipient.aead).toBe(aead);
    expect(recipient.expires).toBeNull();
    expect(recipient.fingerprint).toMatch(aead === null ? /^[0-9A-F]{40}$/ : /^[0-9A-F]{64}$/);
    expect(recipient.userIds).toEqual(file.includes("rfc9580") ? [] : [expect.stringContaining("Test ")]);
  });

  test("gets SEIPD version 1 unless it announces version 2", async () => {
    const plain = await make({ config: { v6Keys: true, aeadProtect: false } });
    expect((await recipientFrom(plain.publicKey, NOW)).aead).toBeNull();
    const modern = await make({ config: { v6Keys: true, aeadProtect: true } });
    expect((await recipientFrom(modern.publicKey, NOW)).aead).toBe("gcm");
    const modernV4 = await make({ config: { aeadProtect: true } });
    expect((await recipientFrom(modernV4.publicKey, NOW)).aead).toBe("gcm");
  });
});

describe("a file of certificates", () => {
  const curve = readText("certificates/gpg-curve25519.asc");
  const nist = readText("certificates/gpg-nistp256.asc");

  test("may hold several armor blocks with text around them", async () => {
    const found = await readCertificates(`These are ours:\n\n${curve}\nand\n\n${nist}\nThat is all.\n`);
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual([
      (await firstOf("certificates/gpg-curve25519.asc")).fingerprint,
      (await firstOf("certificates/gpg-nistp256.asc")).fingerprint,
    ]);
  });

  test("may have Windows line ends", async () => {
    expect(await readCertificates(curve.replaceAll("\n", "\r\n"))).toHaveLength(1);
  });

  test.each(refused.filter(({ code }) => code === "unreadable" || code === "secret_key"))(
    "$file is refused as $code ($origin)",
    async ({ file, code }) => {
      expect(await codeOf(() => certificateFile(file))).toBe(code);
    },
  );

  test.each([
    ["nothing", ""],
    ["an armor header and no more", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"],
    ["a block without its end", curve.replace(/-----END[^\n]*\n/, "")],
    ["a block without its end before a good one", curve.replace(/-----END[^\n]*\n/, "") + nist],
    ["a good block before a torn one", nist + curve.replace(/\n\n[^\n]*\n/, "\n\n")],
    ["a detached signature", "-----BEGIN PGP SIGNATURE-----\n\nwsA=\n-----END PGP SIGNATURE-----\n"],
  ])("is unreadable, all of it, with %s", async (_, text) => {
    expect(await codeOf(() => readCertificates(text))).toBe("unreadable");
  });

  test("is refused with a secret key anywhere in it", async () => {
    const secret = readText("keys/gpg-curve25519.asc");
    for (const text of [secret, `${nist}\n${secret}`, `${secret}\n${nist}`, `garbage ${secret}`]) {
      expect(holdsSecretKey(Buffer.from(text))).toBe(true);
      expect(await codeOf(() => readCertificates(text))).toBe("secret_key");
    }
    expect(holdsSecretKey(Buffer.from(nist))).toBe(false);
  });
});

describe("a refused certificate", () => {
  const readable = refused.filter(({ code }) => code !== "unreadable" && code !== "secret_key");

  test.each(readable)("$file is refused as $code ($origin)", async ({ file, code }) => {
    const certificate = await firstOf(file);
    const failure = await failureOf(() => recipientFrom(certificate, LATER));
    expect(failure).toBeInstanceOf(RecipientError);
    expect(failure).toMatchObject({ code });
    expect((failure as RecipientError).message).toContain(certificate.fingerprint);
  });

  test("the files have every code of the union", () => {
    expect(new Set(refused.map(({ code }) => code))).toEqual(
      new Set([
        "expired",
        "no_encryption_key",
        "not_yet_valid",
        "revoked",
        "secret_key",
        "unreadable",
        "weak_algorithm",
      ]),
    );
  });

  test("is one whose only encryption subkey has been revoked", async () => {
    const { privateKey } = await make({ date: inDays(-10) });
    const [subkey] = privateKey.subkeys;
    if (subkey === undefined) throw new Error("there is no subkey");
    privateKey.subkeys = [await subkey.revoke(privateKey.keyPacket as never, {}, inDays(-1))];
    expect(await codeOf(() => recipientFrom(privateKey.toPublic(), NOW))).toBe("no_encryption_key");
  });

  test("is one that was revoked, whatever its expiry", async () => {
    const { privateKey } = await make({ date: inDays(-10), keyExpirationTime: 5 * DAY });
    const { publicKey } = await revokeKey({ key: privateKey, date: inDays(-8), format: "object" });
    expect(await codeOf(() => recipientFrom(publicKey, NOW))).toBe("revoked");
  });
});

describe("when a certificate expires", () => {
  test("never, if neither it nor its subkey does", async () => {
    expect((await recipientFrom((await make()).publicKey, NOW)).expires).toBeNull();
  });

  test("with itself", async () => {
    const { publicKey } = await make({ keyExpirationTime: 30 * DAY, subkeys: [{}] });
    expect((await recipientFrom(publicKey, NOW)).expires).toEqual(inDays(30));
  });

  test("with its encryption subkey, if that expires earlier", async () => {
    const { publicKey } = await make({ keyExpirationTime: 90 * DAY, subkeys: [{ keyExpirationTime: 30 * DAY }] });
    expect((await recipientFrom(publicKey, NOW)).expires).toEqual(inDays(30));
  });

  test("with itself, if its encryption subkey expires later", async () => {
    const { publicKey } = await make({ keyExpirationTime: 30 * DAY, subkeys: [{ keyExpirationTime: 90 * DAY }] });
    expect((await recipientFrom(publicKey, NOW)).expires).toEqual(inDays(30));
  });

  test("with the last of its encryption subkeys", async () => {
    const subkeys = [{ keyExpirationTime: 20 * DAY }, { keyExpirationTime: 40 * DAY }];
    const { publicKey } = await make({ subkeys });
    expect((await recipientFrom(publicKey, NOW)).expires).toEqual(inDays(40));
    expect((await recipientFrom(publicKey, inDays(30))).expires).toEqual(inDays(40));
  });

  test("not with a subkey that only signs", async () => {
    const subkeys = [{ keyExpirationTime: 30 * DAY }, { sign: true, keyExpirationTime: 10 * DAY }];
    const { publicKey } = await make({ subkeys });
    expect((await recipientFrom(publicKey, inDays(20))).expires).toEqual(inDays(30));
  });

  test.each<[string, Options]>([
    ["itself", { keyExpirationTime: 30 * DAY }],
    ["its subkey", { subkeys: [{ keyExpirationTime: 30 * DAY }] }],
    ["itself, in version 6", { keyExpirationTime: 30 * DAY, config: { v6Keys: true } }],
  ])("is exact to the second, with %s", async (_, options) => {
    const { publicKey } = await make(options);
    const again = await readKey({ armoredKey: publicKey.armor() });
    expect((await recipientFrom(again, inDays(30, -1000))).expires).toEqual(inDays(30));
    for (const late of [0, 1000]) {
      const failure = await failureOf(() => recipientFrom(again, inDays(30, late)));
      expect(failure).toMatchObject({ code: "expired", message: expect.stringContaining("2026-03-31") });
    }
  });

  test("it is valid from the second of its creation", async () => {
    const { publicKey } = await make();
    expect(await codeOf(() => recipientFrom(publicKey, inDays(0, -1000)))).toBe("not_yet_valid");
    expect((await recipientFrom(publicKey, NOW)).fingerprint).toBe(publicKey.getFingerprint().toUpperCase());
  });

  test("an armored secret key's own certificate is judged the same", async () => {
    const armoredKey = readText("keys/gpg-curve25519.asc");
    const secret = await readPrivateKey({ armoredKey });
    const own = await recipientFrom(secret.toPublic(), LATER);
    const published = await recipientFrom(await firstOf("certificates/gpg-curve25519.asc"), LATER);
    expect(own.fingerprint).toBe(published.fingerprint);
  });
});
