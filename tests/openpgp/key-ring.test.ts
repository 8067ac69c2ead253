import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import { decryptMessage, encryptMessage, KeyRing } from "../../src/openpgp/index.js";
import { readPackets } from "../../src/openpgp/packets/index.js";
import { concat, utf8 } from "../support/bytes.js";
import { recipientOf } from "../support/keys.js";
import { atLength } from "../support/length.js";
import { mutated, packetLike, randomBytes } from "../support/mutations.js";
import { lockedBy, makeSecretKey, packet, stub } from "../support/secret-keys.js";
import { seeded, WITH_SEED } from "../support/seed.js";

const vector = (name: string) => readFileSync(new URL(`../vectors/${name}`, import.meta.url));
const MIB = 1024 * 1024;

let plain: PrivateKey;
let other: PrivateKey;
/** `plain`, locked by the passphrase "one", and `other` by "two". */
let one: PrivateKey;
let two: PrivateKey;
beforeAll(async () => {
  [plain, other] = await Promise.all([makeSecretKey(), makeSecretKey()]);
  [one, two] = await Promise.all([lockedBy(plain, "one"), lockedBy(other, "two")]);
});

async function ringOf(...files: readonly (Uint8Array | string)[]): Promise<KeyRing> {
  const ring = new KeyRing();
  for (const file of files) await ring.add(typeof file === "string" ? utf8(file) : file);
  return ring;
}

/** The fingerprint of the subkey that decrypts. */
const subkeyOf = (key: PrivateKey) => key.subkeys[0]?.getFingerprint().toUpperCase();
const openIn = (ring: KeyRing) => ring.open.map(({ fingerprint }) => fingerprint);
const locksIn = (ring: KeyRing) => ring.closed.map(({ lock }) => lock);

function utf16(text: string, order: "le" | "be", mark: boolean): Buffer {
  const bytes = Buffer.from(`${mark ? "\ufeff" : ""}${text}`, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

describe("a file with secret keys", () => {
  it.each<[string, () => Uint8Array | string]>([
    ["armored", () => one.armor()],
    ["binary", () => one.write()],
    ["a public block, then a secret block, as GPG Suite writes it", () => one.toPublic().armor() + one.armor()],
    ["a secret block, then its public block", () => one.armor() + one.toPublic().armor()],
    ["a binary public key, then a secret one", () => concat(other.toPublic().write(), one.write())],
    ["a byte order mark in UTF-8, as Notepad writes it", () => `\ufeff${one.armor()}`],
    ["UTF-16, as PowerShell writes it", () => utf16(one.armor(), "le", true)],
    ["UTF-16 in the other byte order", () => utf16(one.armor(), "be", true)],
    ["UTF-16 without a byte order mark", () => utf16(one.armor(), "le", false)],
    ["UTF-16 in the other byte order without one", () => utf16(one.armor(), "be", false)],
    ["lines that end in CRLF", () => one.armor().replaceAll("\n", "\r\n")],
    ["lines that end in CR", () => one.armor().replaceAll("\n", "\r")],
    ["an empty line after each line", () => one.armor().replaceAll("\n", "\n\n")],
    ["no empty line after the headers", () => one.armor().replace("\n\n", "\nComment: mine\n")],
    ["spaces around the lines", () => one.armor().replaceAll("\n", " \t\n  ")],
    ["a mail around it, which quotes it", () => `Here it is:\n\n${one.armor().replace(/^/gm, "> ")}\n-- \nMother\n`],
    ["a wrong checksum", () => one.armor().replace(/^=....$/m, "=AAAA")],
    ["no checksum", () => one.armor().replace(/^=....\n/m, "")],
  ])("is read: %s", async (_what, contents) => {
    const ring = await ringOf(contents());
    expect(locksIn(ring)).toEqual(["passphrase"]);
    await ring.unlock("one");
    expect(openIn(ring)).toEqual([subkeyOf(one)]);
    expect(ring.closed).toEqual([]);
  });

  it.each<[string, () => Uint8Array | string]>([
    ["two armored blocks", () => two.armor() + one.armor()],
    ["two keys in one armored block", () => armored(concat(two.write(), one.write()))],
    ["two binary keys", () => concat(two.write(), one.write())],
    ["two files", () => ""],
  ])("may hold several keys, of which any may open: %s", async (what, contents) => {
    const ring = what === "two files" ? await ringOf(two.armor(), one.write()) : await ringOf(contents());
    expect(ring.closed.map(({ fingerprint }) => fingerprint)).toEqual([subkeyOf(two), subkeyOf(one)]);
    await ring.unlock("one");
    expect(openIn(ring)).toEqual([subkeyOf(one)]);
    expect(ring.closed).toEqual([
      {
        fingerprint: subkeyOf(two),
        primary: two.getFingerprint().toUpperCase(),
        userId: "Appeals <appeals@example.org>",
        lock: "passphrase",
      },
    ]);
    await ring.unlock("two");
    expect(ring.closed).toEqual([]);
  });

  it("is used as far as it is whole", async () => {
    const ring = new KeyRing();
    const cut = two.armor().slice(0, 900);
    expect(await ring.add(utf8(one.armor()))).toEqual({ damaged: false });
    expect(await ring.add(utf8(one.armor() + cut))).toEqual({ damaged: true });
    await ring.unlock("one");
    expect(openIn(ring)).toEqual([subkeyOf(one)]);
    expect(await ring.add(concat(one.write(), two.write().subarray(0, 40)))).toEqual({ damaged: true });
  });

  it.each<[string, () => Uint8Array | string, string]>([
    ["nothing", () => "", "empty"],
    ["a letter", () => "Здравствуйте", "not_keys"],
    ["a key of OpenSSH", () => "-----BEGIN OPENSSH PRIVATE KEY-----\nabcd\n", "not_keys"],
    ["a picture", () => new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "not_keys"],
    ["a certificate", () => one.toPublic().armor(), "public_only"],
    ["a binary certificate", () => one.toPublic().write(), "public_only"],
    ["a submission", () => vector("accepted/openpgpjs-v1.pgp"), "message"],
    ["a submission of GnuPG", () => vector("accepted/gpg-partial-lengths.pgp"), "message"],
    ["an armored message", () => vector("rejected/armored.pgp"), "message"],
    ["what a passphrase encrypts, such as a backup of a key", () => vector("rejected/with-password.pgp"), "message"],
    ["a key of GnuPG's own store", () => "(21:protected-private-key(3:ecc(5:curve7:Ed25519", "gnupg_file"],
    ["a newer key of GnuPG's own store", () => "Key: (protected-private-key (ecc", "gnupg_file"],
    ["GnuPG's keybox", () => utf8("\0\0\0\u0020\u0001\u0001\0\u0002KBXf\0\0\0\0"), "gnupg_file"],
    ["a secret key that is cut off", () => one.armor().slice(0, 200), "damaged"],
    ["a binary secret key that is cut off", () => one.write().subarray(0, 60), "damaged"],
    ["seventeen million bytes", () => new Uint8Array(17 * MIB), "too_large"],
  ])("is refused for what it is: %s", async (_what, contents, code) => {
    await expect(ringOf(contents())).rejects.toMatchObject({ code });
  });

  it("is refused if it holds only a revocation certificate", async () => {
    const signature = readPackets(one.write()).find(({ tag }) => tag === 2);
    await expect(ringOf(packet(2, signature?.body ?? new Uint8Array(0)))).rejects.toMatchObject({ code: "revocation" });
  });

  it("is refused if its keys only sign", async () => {
    const rsa = await makeSecretKey({ type: "rsa" });
    const packets = readPackets(rsa.write());
    const primary = packets.slice(
      0,
      packets.findIndex(({ tag }) => tag === 7),
    );
    await expect(ringOf(concat(...primary.map(({ tag, body }) => packet(tag, body))))).rejects.toMatchObject({
      code: "signing_only",
    });
    expect(locksIn(await ringOf(rsa.armor()))).toEqual([]);
    expect(openIn(await ringOf(rsa.armor()))).toEqual([subkeyOf(rsa)]);
  });
});

describe("the locks of a key's parts", () => {
  it("each have a passphrase: only that of a part that decrypts is needed", async () => {
    const key = await makeSecretKey({ locks: ["primary", "encryption", "signing"] });
    const ring = await ringOf(key.armor());
    expect(await ring.unlock("primary")).toEqual([]);
    expect(await ring.unlock("signing")).toEqual([]);
    expect(await ring.unlock("")).toEqual([]);
    expect((await ring.unlock("encryption")).map(({ fingerprint }) => fingerprint)).toEqual([subkeyOf(key)]);
    expect(ring.closed).toEqual([]);
  });

  it("need no passphrase where there is none", async () => {
    const ring = await ringOf((await makeSecretKey({ locks: ["primary", null, "signing"] })).armor());
    expect(ring.open).toHaveLength(1);
    expect(ring.closed).toEqual([]);
  });

  it("may be stubs for the parts that sign", async () => {
    const [primary, subkey, signing] = secretPackets(one);
    const ring = await ringOf(
      concat(
        packet(5, stub(publicPart(plain, 0), 1)),
        packet(7, subkey ?? primary ?? new Uint8Array(0)),
        packet(7, stub(publicPart(plain, 2), 2)),
      ),
    );
    expect(signing).toBeDefined();
    await ring.unlock("one");
    expect(openIn(ring)).toEqual([subkeyOf(plain)]);
    expect(ring.closed).toEqual([]);
  });

  it("are those of each copy: one that opens is enough", async () => {
    const renewed = await lockedBy(plain, "new");
    const ring = await ringOf(one.armor() + renewed.armor());
    expect(ring.closed).toHaveLength(1);
    await ring.unlock("new");
    expect(openIn(ring)).toEqual([subkeyOf(plain)]);
    expect(ring.closed).toEqual([]);
    expect(ring.unlocked).toHaveLength(1);
  });

  it("open through Argon2", async () => {
    const ring = await ringOf((await lockedBy(plain, "one", true)).armor());
    expect(await ring.unlock("two")).toEqual([]);
    expect(await ring.unlock("one")).toHaveLength(1);
  });

  const withSubkey = (body: Uint8Array) => ringOf(concat(packet(5, secretPackets(plain)[0] ?? body), packet(7, body)));

  it("are named: a smart card, another place, a protection that is too old or unknown", async () => {
    const part = publicPart(plain, 1);
    expect(locksIn(await withSubkey(stub(part, 2)))).toEqual(["card"]);
    expect(locksIn(await withSubkey(stub(part, 1)))).toEqual(["absent"]);
    const iterated = [...new Uint8Array(8), 96, ...new Uint8Array(16), ...new Uint8Array(40)];
    expect(locksIn(await withSubkey(concat(part, new Uint8Array([255, 9, 3, 8, ...iterated]))))).toEqual(["weak"]);
    expect(locksIn(await withSubkey(concat(part, new Uint8Array([9, ...new Uint8Array(50)]))))).toEqual(["weak"]);
    expect(locksIn(await withSubkey(concat(part, new Uint8Array([254, 9, 99, 8, ...iterated]))))).toEqual([
      "unsupported",
    ]);
    expect(locksIn(await withSubkey(concat(new Uint8Array([9]), part)))).toEqual(["unsupported"]);
  });

  it.each([
    [1, 1, 4, "passphrase"],
    [1, 4, 21, "passphrase"],
    [4, 4, 21, "passphrase"],
    [5, 4, 21, "costly"],
    [1, 4, 22, "costly"],
    [1, 4, 40, "costly"],
    [255, 1, 16, "costly"],
    [0, 1, 4, "unsupported"],
    [1, 0, 4, "unsupported"],
  ])("are limited: Argon2 with %i passes, %i lanes and 2^%i KiB is %s", async (passes, lanes, exponent, lock) => {
    const argon2 = [254, 9, 4, ...new Uint8Array(16), passes, lanes, exponent, ...new Uint8Array(16 + 40)];
    expect(locksIn(await withSubkey(concat(publicPart(plain, 1), new Uint8Array(argon2))))).toEqual([lock]);
  });

  it.each([
    ["SHA-256, with another passphrase", 8, "passphrase"],
    ["a hash that nobody knows", 99, "unsupported"],
  ])("say whether a passphrase may open them at all: %s", async (_what, hash, lock) => {
    const protection = [254, 9, 3, hash, ...new Uint8Array(8).fill(1), 0, ...new Uint8Array(16 + 40)];
    const ring = await withSubkey(concat(publicPart(plain, 1), new Uint8Array(protection)));
    expect(await ring.unlock("one")).toEqual([]);
    expect(locksIn(ring)).toEqual([lock]);
  });

  it("hold a packet of 10 KiB and none that is longer", async () => {
    const padded = (length: number) => {
      const part = publicPart(plain, 1);
      return concat(part, new Uint8Array([254, 9, 3, 8, ...new Uint8Array(length - part.length - 4)]));
    };
    expect(locksIn(await withSubkey(padded(10 * 1024)))).toEqual(["passphrase"]);
    expect(locksIn(await withSubkey(padded(10 * 1024 + 1)))).toEqual(["unsupported"]);
  });
});

describe("an unlocked key", () => {
  it.each<[string, (key: PrivateKey) => Uint8Array]>([
    ["as it is", (key) => key.write()],
    [
      "without user ids, signatures and bindings",
      (key) =>
        concat(
          ...readPackets(key.write()).flatMap(({ tag, body }) => ([5, 7].includes(tag) ? [packet(tag, body)] : [])),
        ),
    ],
  ])("decrypts: %s", async (_what, write) => {
    const certificate = plain.toPublic().armor();
    const content = new Blob(["Здравствуйте"]).stream();
    const message = await encryptMessage(content, [await recipientOf({ certificate })], new Date());
    const ring = await ringOf(write(plain));
    expect(await new Response(await decryptMessage(message, await ring.keys(), MIB)).text()).toBe("Здравствуйте");
  });
});

describe(`a hostile ring ${WITH_SEED}`, () => {
  it("comes to an end, in bounded memory, whatever is in it", async () => {
    const keys = ["gpg-rsa3072.asc", "openpgpjs-v6.asc", "rfc9580-a4.asc"].map((name) =>
      vector(`keys/${name}`).toString(),
    );
    const unlocked = await Promise.all(keys.map(async (armoredKey) => (await readPrivateKey({ armoredKey })).write()));
    const locked = [one.write(), two.write(), (await lockedBy(plain, "one", true)).write(), utf8(one.armor())];
    const binaries = [...unlocked, ...locked];
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated(binaries, 200), packetLike, randomBytes), async (contents) => {
        const ring = new KeyRing();
        const added = await ring.add(contents).catch((cause: { code?: string }) => cause.code);
        expect(typeof added === "string" || typeof added === "object").toBe(true);
        for (const passphrase of ["", "one"]) await ring.unlock(passphrase);
        for (const key of await ring.keys()) expect(key.isDecrypted()).toBe(true);
      }),
      seeded(atLength(1_000, 10_000)),
    );
  }, 600_000);

  it("costs time in proportion to its size, whatever markers it has", async () => {
    const markers = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n".repeat(400_000);
    await expect(ringOf(markers)).rejects.toMatchObject({ code: "damaged" });
    const packets = new Uint8Array(MIB).fill(0xc5);
    for (let at = 1; at < packets.length; at += 2) packets[at] = 0;
    expect((await ringOf(packets)).closed.length).toBeLessThanOrEqual(256);
  });
});

/** The bodies of the secret key packets. */
function secretPackets(key: PrivateKey): Uint8Array[] {
  return readPackets(key.write()).flatMap(({ tag, body }) => ([5, 7].includes(tag) ? [body] : []));
}

/** The public half of the body of a secret key packet: of the primary key, or of a subkey. */
function publicPart(key: PrivateKey, index: number): Uint8Array {
  const body = readPackets(key.toPublic().write()).flatMap(({ tag, body: each }) =>
    [6, 14].includes(tag) ? [each] : [],
  );
  return body[index] ?? new Uint8Array(0);
}

function armored(contents: Uint8Array): string {
  const lines = Buffer.from(contents).toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${lines}\n-----END PGP PRIVATE KEY BLOCK-----\n`;
}
