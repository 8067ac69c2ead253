import { decryptKey, readKey, readPrivateKey } from "openpgp";
import { describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { recipientFrom } from "../support/keys.js";

const make = (profile: "gnupg" | "rfc9580") =>
  createKeyPair({
    profile,
    userId: { name: "Staff", email: "a@b.example" },
    passphrase: "correct horse",
    lifetime: 86_400,
  });

describe("a new key pair", () => {
  it.each([
    ["gnupg", 4, null],
    ["rfc9580", 6, "gcm"],
  ] as const)(
    "of profile %s has a version %i certificate, valid for encryption until it expires",
    async (profile, version, aead) => {
      const pair = await make(profile);
      const certificate = await readKey({ armoredKey: pair.certificate });
      expect(certificate.keyPacket.version).toBe(version);
      expect(certificate.isPrivate()).toBe(false);
      const recipient = await recipientFrom(certificate, new Date());
      expect(recipient).toMatchObject({ fingerprint: pair.fingerprint, aead, userIds: ["Staff <a@b.example>"] });
      await expect(recipientFrom(certificate, new Date(Date.now() + 90_000_000))).rejects.toMatchObject({
        code: "expired",
      });
    },
  );

  it.each(["gnupg", "rfc9580"] as const)(
    "of profile %s has its secret key encrypted with the passphrase",
    async (profile) => {
      const key = await readPrivateKey({ armoredKey: (await make(profile)).secretKey });
      expect(key.isDecrypted()).toBe(false);
      await expect(decryptKey({ privateKey: key, passphrase: "wrong" })).rejects.toThrow();
      expect((await decryptKey({ privateKey: key, passphrase: "correct horse" })).isDecrypted()).toBe(true);
    },
  );
});
