import { decryptKey, type PrivateKey, readPrivateKey } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import { createKeyPair } from "../../../src/desk/index.js";
import { tryDecrypt } from "../../../src/native/decrypt/decrypt.js";
import { type DecryptionKey, decryptionKeys } from "../../../src/native/decrypt/decryption-key.js";
import { decryptShortMessage, encryptMessage, type Recipient } from "../../../src/openpgp/index.js";
import { collect, concat, streamOf, utf8 } from "../../support/bytes.js";
import { GnuPg } from "../../support/gpg.js";
import { recipientOf } from "../../support/keys.js";
import { packet, sealed } from "../../support/sealed.js";
import { Random, WITH_SEED } from "../../support/seed.js";
import { requireTools } from "../../support/tools.js";

interface Desk {
  readonly secretKey: string;
  readonly recipient: Recipient;
  readonly key: PrivateKey;
  readonly quick: readonly DecryptionKey[];
}

async function desk(profile: "gnupg" | "rfc9580", passphrase = ""): Promise<Desk> {
  const pair = await createKeyPair({ profile, userId: { name: "t" }, passphrase, lifetime: 1e6 });
  const locked = await readPrivateKey({ armoredKey: pair.secretKey });
  const key = passphrase === "" ? locked : await decryptKey({ privateKey: locked, passphrase });
  return { secretKey: pair.secretKey, recipient: await recipientOf(pair), key, quick: await decryptionKeys([key]) };
}

async function encrypt(content: Uint8Array, ...desks: readonly Desk[]): Promise<Uint8Array> {
  const recipients = desks.map(({ recipient }) => recipient);
  return collect(await encryptMessage(streamOf(content), recipients, new Date()));
}

/** Bytes that compare, whichever kind of array they came in. */
function opened(message: Uint8Array, keys: readonly DecryptionKey[]): Uint8Array | null {
  const found = tryDecrypt(message, keys);
  return found && Uint8Array.from(found);
}

const content = (size: number) => new Random(`contents ${size}`).bytes(size);

let staff: Desk;
let other: Desk;
let modern: Desk;
beforeAll(async () => {
  [staff, other, modern] = await Promise.all([desk("gnupg"), desk("gnupg", "passphrase"), desk("rfc9580")]);
});

describe("a message to staff's keys", () => {
  it.each([0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 262_144, 262_145, 1_000_000])(
    "of %i bytes is decrypted unchanged",
    async (size) => {
      const found = opened(await encrypt(content(size), staff), staff.quick);
      expect(found && Buffer.compare(found, content(size))).toBe(0);
    },
  );

  it("is decrypted among other recipients, with any of the keys, and after unlocking", async () => {
    const message = await encrypt(content(1000), other, staff);
    for (const quick of [staff.quick, other.quick, [...staff.quick, ...other.quick]]) {
      expect(opened(message, quick)).toEqual(content(1000));
    }
  });

  it("is null for another key, and for a key of another kind", async () => {
    expect(tryDecrypt(await encrypt(content(1000), other), staff.quick)).toBeNull();
    expect(modern.quick).toEqual([]);
    expect(tryDecrypt(await encrypt(content(1000), modern), modern.quick)).toBeNull();
    expect(opened(await encrypt(content(1000), modern, staff), staff.quick)).toEqual(content(1000));
  });

  it(`is null with any bit flipped, unless openpgp.js decrypts it to the same ${WITH_SEED}`, async () => {
    const message = await encrypt(content(5_000), staff);
    const random = new Random("quick bits");
    for (let count = 0; count < 600; count += 1) {
      const position = random.integer(0, (count % 2 === 0 ? 150 : message.length) - 1);
      const flipped = Uint8Array.from(message);
      flipped[position] = (flipped[position] ?? 0) ^ (1 << random.integer(0, 7));
      const quick = opened(flipped, staff.quick);
      if (quick === null) continue;
      const slow = await decryptShortMessage(flipped, [staff.key], 1e6);
      expect(quick, `byte ${position}`).toEqual(Uint8Array.from(slow));
    }
  });

  it("is null when it is truncated or has trailing data", async () => {
    const message = await encrypt(content(600), staff);
    for (let length = 0; length < message.length; length += 1) {
      expect(tryDecrypt(message.subarray(0, length), staff.quick), `${length} bytes`).toBeNull();
    }
    expect(tryDecrypt(concat(message, Uint8Array.of(0)), staff.quick)).toBeNull();
    expect(tryDecrypt(concat(message, message), staff.quick)).toBeNull();
  });

  it.each([1_000, 1_001])("may hold a thousand packets, as openpgp.js takes seconds for more: %i", async (count) => {
    const marker = packet(10, utf8("PGP"));
    const message = await sealed(staff.recipient, concat(...Array.from({ length: count }, () => marker)));
    if (count === 1_000) expect(tryDecrypt(message, staff.quick)).toBeNull();
    else {
      const refused = expect.objectContaining({ code: "malformed_packet" }) as unknown as Error;
      expect(() => tryDecrypt(message, staff.quick)).toThrow(refused);
    }
  });

  it("is null with too many recipients, or with empty portions", async () => {
    const message = await encrypt(content(600), staff);
    const packet = message.subarray(0, 2 + (message[1] ?? 0));
    expect(tryDecrypt(concat(...Array(63).fill(packet), message), staff.quick)).not.toBeNull();
    expect(tryDecrypt(concat(...Array(64).fill(packet), message), staff.quick)).toBeNull();
    const portions = new Uint8Array(1_000_000).fill(0xe0);
    expect(tryDecrypt(concat(Uint8Array.of(0xd2), portions, Uint8Array.of(0)), staff.quick)).toBeNull();
  });
});

describe.runIf(requireTools("decrypting messages of GnuPG without openpgp.js", "gpg"))("a message of GnuPG", () => {
  it("is decrypted with GnuPG's key, named or hidden; a compressed one is left to openpgp.js", async () => {
    const gnupg = await GnuPg.create();
    try {
      const fingerprint = await gnupg.generate("curve25519");
      const armoredKey = String(await gnupg.gpg(["--armor", "--export-secret-keys", fingerprint]));
      const quick = await decryptionKeys([await readPrivateKey({ armoredKey })]);
      expect(quick).toHaveLength(1);
      for (const extra of [[], ["--throw-keyids"], ["--set-filename", "x"]]) {
        for (const size of [0, 600, 100_000]) {
          const message = await gnupg.encrypt(content(size), [fingerprint], ["--compress-algo", "none", ...extra]);
          expect(opened(message, quick)).toEqual(content(size));
        }
      }
      const compressed = await gnupg.encrypt(Buffer.alloc(10_000), [fingerprint], ["--compress-algo", "zip"]);
      expect(tryDecrypt(compressed, quick)).toBeNull();
    } finally {
      await gnupg.close();
    }
  });
});
