import {
  decryptSessionKeys,
  enums,
  generateKey,
  type KeyOptions,
  LiteralDataPacket,
  type PrivateKey,
  readMessage,
  readPrivateKey,
} from "openpgp";
import { beforeAll, describe, expect, test } from "vitest";
import { createSubmission, readArchive } from "../../src/core/index.js";
import {
  DecryptError,
  decryptMessage,
  EncryptError,
  encryptMessage,
  inspectMessage,
  type Recipient,
} from "../../src/openpgp/index.js";
import {
  codeOf,
  collect,
  concat,
  countedStream,
  expectSame,
  failureOf,
  pieces,
  settle,
  streamOf,
  utf8,
} from "../support/bytes.js";
import { recipientFrom } from "../support/keys.js";
import { packet, sealed } from "../support/sealed.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { readManifest, readText, readVector } from "../vectors/manifest.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const PAST = new Date("2020-01-01T00:00:00Z");
const MOST = 2 ** 30;
const DECRYPT_CODES = ["not_a_message", "no_matching_key", "damaged", "too_many_recipients", "too_compressed"];

interface Pair {
  readonly secret: PrivateKey;
  readonly recipient: Recipient;
}

async function makePair(options: Partial<Omit<KeyOptions, "format">> = {}, date = NOW): Promise<Pair> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: "Test" }],
    date,
    ...options,
    format: "object",
  });
  return { secret: privateKey, recipient: await recipientFrom(publicKey, date) };
}

async function encryptTo(
  recipients: readonly Recipient[],
  plaintext: Uint8Array,
  date = NOW,
): Promise<Uint8Array<ArrayBuffer>> {
  return collect(await encryptMessage(streamOf(...pieces(plaintext, 10_000)), recipients, date));
}

async function decryptWith(
  keys: readonly PrivateKey[],
  message: Uint8Array,
  size = 65_536,
): Promise<Uint8Array<ArrayBuffer>> {
  return collect(await decryptMessage(streamOf(...pieces(message, size)), keys, MOST));
}

const classic: Pair[] = [];
const modern: Pair[] = [];

beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) {
    classic.push(await makePair());
    modern.push(await makePair({ config: { v6Keys: true, aeadProtect: true } }));
  }
});

function some(pairs: readonly Pair[], count: number): { recipients: Recipient[]; secrets: PrivateKey[] } {
  return {
    recipients: pairs.slice(0, count).map(({ recipient }) => recipient),
    secrets: pairs.slice(0, count).map(({ secret }) => secret),
  };
}

describe("encrypting and decrypting", () => {
  describe.each<[string, Pair[], number]>([
    ["version 1", classic, 1],
    ["version 2", modern, 2],
  ])("in %s", (_, pairs, version) => {
    test.each([1, 3])("lets each of %i recipients decrypt", async (count) => {
      const { recipients, secrets } = some(pairs, count);
      const plaintext = new Random(`message ${version} ${count}`).bytes(100_001);
      const message = await encryptTo(recipients, plaintext);
      for (const secret of secrets) expectSame(await decryptWith([secret], message), plaintext);
      expectSame(await decryptWith(secrets, message), plaintext);
    });

    test.each([0, 1, 65_535, 65_536, 65_537, 1_048_577])("survives a round trip of %i bytes", async (size) => {
      const { recipients, secrets } = some(pairs, 1);
      const plaintext = new Random(`size ${size}`).bytes(size);
      expectSame(await decryptWith(secrets, await encryptTo(recipients, plaintext)), plaintext);
    });

    test("names no recipient", async () => {
      const report = await inspectMessage(streamOf(await encryptTo(some(pairs, 3).recipients, utf8("text"))));
      expect(report.recipients.map(({ key }) => key)).toEqual([null, null, null]);
      expect(report.protection.version).toBe(version);
    });

    test("uses AES-256 with a new session key each time", async () => {
      const { recipients, secrets } = some(pairs, 1);
      const used: string[] = [];
      for (let count = 0; count < 2; count += 1) {
        const binaryMessage = await encryptTo(recipients, utf8("text"));
        const message = await readMessage({ binaryMessage });
        const [session] = await decryptSessionKeys({ message, decryptionKeys: secrets });
        expect(session?.data).toHaveLength(32);
        used.push(Buffer.from(session?.data ?? []).toString("hex"));
        const { protection } = await inspectMessage(streamOf(binaryMessage));
        if (protection.version === 1) expect(session?.algorithm).toBe("aes256");
        else expect(protection.cipher).toBe(enums.symmetric.aes256);
      }
      expect(used[0]).not.toBe(used[1]);
    });

    test("contains exactly one literal packet: binary, without name or date", async () => {
      const { recipients, secrets } = some(pairs, 1);
      const message = await readMessage({ binaryMessage: await encryptTo(recipients, utf8("text")) });
      const { packets } = await message.decrypt(secrets);
      expect(packets).toHaveLength(1);
      expect(packets[0]).toBeInstanceOf(LiteralDataPacket);
      expect(packets[0]).toMatchObject({ filename: "", format: enums.literal.binary, date: new Date(0) });
    });

    test("fails with no_matching_key for another key", async () => {
      const message = await encryptTo(some(pairs, 2).recipients, utf8("text"));
      const other = pairs[2]?.secret;
      expect(await codeOf(() => decryptWith(other ? [other] : [], message))).toBe("no_matching_key");
    });

    test(`fails with damaged when any bit of the data is flipped ${WITH_SEED}`, async () => {
      const { recipients, secrets } = some(pairs, 1);
      const plaintext = new Random("plaintext").bytes(5000);
      const message = await encryptTo(recipients, plaintext);
      // Only the protected data: the next test flips bits in the headers too.
      const first = message.length - 5000;
      const random = new Random(`flips ${version}`);
      const outcomes = await Promise.all(
        Array.from({ length: 80 }, async () => {
          const place = random.integer(first, message.length - 1);
          return codeOf(() => decryptWith(secrets, flipped(message, place, random.integer(0, 7))));
        }),
      );
      expect(new Set(outcomes)).toEqual(new Set(["damaged"]));
    });

    test("with any bit of the message flipped, gives the same text or none, and never stalls", async () => {
      const { recipients, secrets } = some(pairs, 1);
      const message = await encryptTo(recipients, utf8("text"));
      const outcomes = await Promise.all(
        Array.from({ length: message.length * 8 }, async (_, bit) =>
          openOrRefuse(() => decryptWith(secrets, flipped(message, Math.floor(bit / 8), bit % 8))),
        ),
      );
      // Some bits are ignored: an MPI's bit length, the top bit of a Curve25519 point.
      const opened = outcomes.filter((outcome) => typeof outcome !== "string");
      expect(opened.length).toBeLessThan(10);
      for (const text of opened) expect(text).toEqual(utf8("text"));
    });

    test("fails when truncated, at once or through the stream", async () => {
      const { recipients, secrets } = some(pairs, 1);
      const message = await encryptTo(recipients, new Random("cut").bytes(3000));
      for (const missing of [1, 16, 20, 22, 100, 2000]) {
        expect(DECRYPT_CODES).toContain(await codeOf(() => decryptWith(secrets, message.subarray(0, -missing))));
      }
    });

    test("works however the message is chunked", async () => {
      const { recipients, secrets } = some(pairs, 1);
      const plaintext = new Random("pieces").bytes(1500);
      const message = await encryptTo(recipients, plaintext);
      for (const size of [1, 7, 512, 4096]) expect(await decryptWith(secrets, message, size)).toEqual(plaintext);
    });
  });

  test("uses version 1 if one recipient does not support version 2", async () => {
    const mixed = [...some(modern, 2).recipients, ...some(classic, 1).recipients];
    const message = await encryptTo(mixed, utf8("text"));
    expect((await inspectMessage(streamOf(message))).protection).toEqual({ version: 1 });
    for (const { secret } of [...modern.slice(0, 2), ...classic.slice(0, 1)]) {
      expect(await decryptWith([secret], message)).toEqual(utf8("text"));
    }
  });

  test("uses OCB in version 2 if a recipient does not support GCM", async () => {
    const secret = await readPrivateKey({ armoredKey: readText("keys/rfc9580-a4.asc") });
    const recipient = await recipientFrom(secret.toPublic(), NOW);
    const message = await encryptTo([recipient, ...some(modern, 1).recipients], utf8("text"));
    expect((await inspectMessage(streamOf(message))).protection).toMatchObject({ version: 2, aead: enums.aead.ocb });
    expect(await decryptWith([secret], message)).toEqual(utf8("text"));
  });

  test("carries a whole submission", async () => {
    const { recipients, secrets } = some(classic, 2);
    const document = utf8("a document");
    const { stream } = createSubmission({
      caseId: "0123456789abcdef0123456789abcdef",
      form: { id: "default", version: 1 },
      language: "uk",
      answers: {},
      letter: "лист",
      documents: [{ name: "паспорт.jpg", type: "", size: document.length, open: () => streamOf(document) }],
      encryptedBy: "server",
    });
    const message = await collect(await encryptMessage(stream, recipients, NOW));
    const bodies = new Map<string, Uint8Array>();
    for await (const { path, body } of readArchive(await decryptMessage(streamOf(message), secrets, MOST))) {
      bodies.set(path, await collect(body));
    }
    expect(bodies.get("letter.txt")).toEqual(utf8("лист"));
    expect(bodies.get("files/01-паспорт.jpg")).toEqual(document);
  });
});

describe("decrypting messages of other programs", () => {
  test.each(readManifest().accepted)("$file ($origin)", async ({ file, key, plaintext }) => {
    const secret = await readPrivateKey({ armoredKey: readText(key) });
    for (const size of [1, 100, 65_536]) {
      expect(new TextDecoder().decode(await decryptWith([secret], readVector(file), size))).toBe(plaintext);
    }
  });

  /** openpgp.js and GnuPG accept these: only the framing is wrong, and the contents are still protected. */
  const framing = ["with-password-and-key", "marker-first", "session-key-with-more", "too-many-recipients"];
  const closed = readManifest().rejected.filter(({ file }) => !framing.some((name) => file.includes(name)));

  test.each(closed)("$file never opens as an encrypted message", async ({ file }) => {
    const keys = await Promise.all(
      ["keys/gpg-curve25519.asc", "keys/openpgpjs-v6.asc"].map((key) => readPrivateKey({ armoredKey: readText(key) })),
    );
    expect(await openOrRefuse(() => decryptWith(keys, readVector(file)))).toBeTypeOf("string");
  });
});

describe("an expired key", () => {
  test.each<[string, Partial<Omit<KeyOptions, "format">>]>([
    ["version 4", {}],
    ["version 6", { config: { v6Keys: true, aeadProtect: true } }],
  ])("still opens old messages, %s", async (_, options) => {
    const { recipient, secret } = await makePair({ ...options, keyExpirationTime: 86_400 }, PAST);
    const message = await encryptTo([recipient], utf8("an old letter"), PAST);
    expect(await decryptWith([secret], message)).toEqual(utf8("an old letter"));
  });

  test("still opens old messages when only its subkey has expired, and when it is revoked", async () => {
    const { recipient, secret } = await makePair({ subkeys: [{ keyExpirationTime: 86_400 }] }, PAST);
    const message = await encryptTo([recipient], utf8("an old letter"), PAST);
    expect(await decryptWith([secret], message)).toEqual(utf8("an old letter"));
    const revoked = (await secret.revoke({}, NOW)) as PrivateKey;
    expect(await decryptWith([revoked], message)).toEqual(utf8("an old letter"));
  });

  test("cannot be encrypted to", async () => {
    const { recipient } = await makePair({ keyExpirationTime: 86_400 }, PAST);
    expect(await codeOf(() => encryptTo([recipient], utf8("text"), NOW))).toBe("encryption_failed");
  });
});

describe("encrypting fails", () => {
  test("with no_recipient when there is nobody to encrypt to", async () => {
    const failure = await failureOf(() => encryptMessage(streamOf(utf8("text")), [], NOW));
    expect(failure).toBeInstanceOf(EncryptError);
    expect(failure).toMatchObject({ code: "no_recipient" });
  });

  test("when its source fails, so that nothing looks finished", async () => {
    const broken = new Error("the disk is gone");
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(100_000));
      },
      pull() {
        throw broken;
      },
    });
    const { recipients } = some(classic, 1);
    const failure = await failureOf(async () => collect(await encryptMessage(source, recipients, NOW)));
    expect(failure).toBeInstanceOf(Error);
  });
});

describe("memory", () => {
  const MEGABYTE = 1024 * 1024;

  test.each<[string, Pair[]]>([
    ["version 1", classic],
    ["version 2", modern],
  ])("a source is read a few megabytes ahead while it is encrypted, in %s", async (_, pairs) => {
    const { stream, count } = countedStream(64 * MEGABYTE);
    const reader = (await encryptMessage(stream, some(pairs, 1).recipients, NOW)).getReader();
    let taken = 0;
    let most = 0;
    for (let turn = 0; ; turn += 1) {
      if (turn % 32 === 0) await settle();
      most = Math.max(most, count.pulled - taken);
      const { done, value } = await reader.read();
      if (done) break;
      taken += value.length;
    }
    expect(taken).toBeGreaterThan(64 * MEGABYTE);
    expect(most).toBeLessThan(12 * MEGABYTE);
  });

  test("decompressed contents are limited", async () => {
    const secret = await readPrivateKey({ armoredKey: readText("keys/gpg-curve25519.asc") });
    const bomb = readVector("hostile/four-megabytes-of-zeros.pgp");
    const open = async () => collect(await decryptMessage(streamOf(bomb), [secret], 100_000));
    expect(await codeOf(open)).toBe("too_compressed");
  });
});

describe("a message on which openpgp.js stalls", () => {
  test("fails as damaged, and its source is cancelled", async () => {
    const { secret, recipient } = await makePair();
    const nested = packet(18, concat(Uint8Array.of(1), new Uint8Array(6 * 1024 ** 2)));
    const chunks = pieces(await sealed(recipient, nested), 100_000);
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    expect(await codeOf(() => decryptMessage(source, [secret], MOST))).toBe("damaged");
    expect(cancelled).toBe(true);
  });
});

function flipped(message: Uint8Array, place: number, bit: number): Uint8Array {
  const copy = concat(message);
  copy[place] = (copy[place] ?? 0) ^ (1 << bit);
  return copy;
}

/** The result of `work`, or the code of its refusal; any other error fails the test. */
async function openOrRefuse(work: () => Promise<Uint8Array>): Promise<Uint8Array | string> {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof DecryptError) || !DECRYPT_CODES.includes(failure.code)) throw failure;
    return failure.code;
  }
}
