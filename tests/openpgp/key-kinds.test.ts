import {
  createMessage,
  encrypt,
  encryptKey,
  enums,
  generateKey,
  type PartialConfig,
  type PrivateKey,
  readPrivateKey,
} from "openpgp";
import { describe, expect, it } from "vitest";
import { decryptShortMessage, KeyRing } from "../../src/openpgp/index.js";
import { BRAINPOOL_KEY, BRAINPOOL_MESSAGE } from "../support/brainpool.js";

const KINDS: readonly (readonly [
  string,
  Omit<Parameters<typeof generateKey>[0], "userIDs" | "format">,
  PartialConfig,
])[] = [
  ["Curve25519 of GnuPG", { type: "ecc", curve: "curve25519Legacy" }, { v6Keys: false }],
  ["Curve25519, version 4", { type: "curve25519" }, { v6Keys: false }],
  ["Curve25519, version 6", { type: "curve25519" }, { v6Keys: true }],
  ["Curve448, version 4", { type: "curve448" }, { v6Keys: false }],
  ["Curve448, version 6", { type: "curve448" }, { v6Keys: true }],
  ["NIST P-256", { type: "ecc", curve: "nistP256" }, { v6Keys: false }],
  ["NIST P-521, version 6", { type: "ecc", curve: "nistP521" }, { v6Keys: true }],
  ["RSA, version 6", { type: "rsa", rsaBits: 2048 }, { v6Keys: true }],
];
const LOCKS: readonly (readonly [string, PartialConfig | null])[] = [
  ["no passphrase", null],
  ["CFB", { s2kIterationCountByte: 0 }],
  ["OCB", { aeadProtect: true, preferredAEADAlgorithm: enums.aead.ocb, s2kIterationCountByte: 0 }],
  ["GCM", { aeadProtect: true, preferredAEADAlgorithm: enums.aead.gcm, s2kIterationCountByte: 0 }],
  [
    "Argon2",
    {
      aeadProtect: true,
      s2kType: enums.s2k.argon2,
      s2kArgon2Params: { passes: 1, parallelism: 2, memoryExponent: 10 },
    },
  ],
];

async function locked(key: PrivateKey, config: PartialConfig | null): Promise<PrivateKey> {
  if (config === null) return key;
  return encryptKey({ privateKey: await readPrivateKey({ binaryKey: key.write() }), passphrase: "p", config });
}

async function open(key: Uint8Array, message: Uint8Array): Promise<string> {
  const ring = new KeyRing();
  await ring.add(key);
  await ring.unlock("wrong");
  await ring.unlock("p");
  return new TextDecoder().decode(await decryptShortMessage(message, await ring.keys(), 1e6));
}

describe.each(KINDS)("a key ring with a key of %s", (_name, options, config) => {
  it("opens, whatever protects it", { timeout: 30_000 }, async () => {
    const { privateKey } = await generateKey({ ...options, userIDs: [{ name: "x" }], format: "object", config });
    const message = (await encrypt({
      message: await createMessage({ text: "hello" }),
      encryptionKeys: privateKey.toPublic(),
      format: "binary",
    })) as Uint8Array;
    for (const [lock, settings] of LOCKS) {
      const key = await locked(privateKey, settings);
      expect(await open(key.write(), message), lock).toBe("hello");
    }
  });
});

describe("a key ring with a key of Brainpool", () => {
  it("opens", async () => {
    expect(await open(BRAINPOOL_KEY, BRAINPOOL_MESSAGE)).toBe("hello\n");
  });
});
