import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { enums, generateKey, type PrivateKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encryptMessage } from "../../src/native/index.js";
import * as openpgp from "../../src/openpgp/index.js";
import { readBodyLength, readPacketHeader } from "../../src/openpgp/packets/packet-header.js";
import { doubleBuffered } from "../../src/streams/index.js";
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
} from "../support/bytes.js";
import { GnuPg, run } from "../support/gpg.js";
import { recipientFrom } from "../support/keys.js";
import { shareOf } from "../support/length.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { requireTools } from "../support/tools.js";
import { readText } from "../vectors/manifest.js";

const MOST = 2 ** 30;
const BLOCK = 256 * 1024;
/** Around what the lengths of both packets and the chunks of version 2 depend on. */
const SIZES = [
  0,
  1,
  191,
  192,
  505,
  506,
  507,
  8_383,
  65_536,
  BLOCK - 7,
  BLOCK - 6,
  BLOCK - 1,
  BLOCK,
  BLOCK + 1,
  1_319_720,
];

interface Pair {
  readonly secret: PrivateKey;
  readonly recipient: openpgp.Recipient;
}

async function makePair(config: object): Promise<Pair> {
  const made = await generateKey({ userIDs: [{ name: "Test" }], config, format: "object" });
  return { secret: made.privateKey, recipient: await recipientFrom(made.publicKey, new Date()) };
}

/** Each packet's tag and the lengths that its body came in, `+` behind those of portions. */
function framing(message: Uint8Array): string {
  const seen: string[] = [];
  for (let at = 0; at < message.length; ) {
    const read = readPacketHeader(message.subarray(at));
    if (read === null) throw new Error("cut off");
    at += read.taken;
    seen.push(`tag ${read.header.tag}:`);
    for (let { length } = read.header; ; ) {
      seen.push(`${length.bytes}${length.partial ? "+" : ""}`);
      at += length.bytes;
      if (!length.partial) break;
      const next = readBodyLength(message.subarray(at));
      if (next === null) throw new Error("cut off");
      at += next.taken;
      length = next.length;
    }
  }
  return seen.join(" ");
}

const pairs = new Map<string, Pair>();
const pairOf = (profile: string): Pair => {
  const pair = pairs.get(profile);
  if (pair === undefined) throw new Error(`there is no key for ${profile}`);
  return pair;
};

beforeAll(async () => {
  pairs.set("version 1", await makePair({}));
  pairs.set("version 2 with GCM", await makePair({ v6Keys: true, aeadProtect: true }));
  const secret = await readPrivateKey({ armoredKey: readText("keys/rfc9580-a4.asc") });
  pairs.set("version 2 with OCB", { secret, recipient: await recipientFrom(secret.toPublic(), new Date()) });
});

/** What is told of the size decides where it is encrypted. */
const PLACES = { "in this thread": 0, "in a thread of its own": 4 * 1024 * 1024 } as const;
type Place = keyof typeof PLACES;

async function encrypt(
  recipients: readonly openpgp.Recipient[],
  plaintext: Uint8Array,
  place: Place = "in this thread",
  piece = 100_000,
) {
  return collect(await encryptMessage(streamOf(...pieces(plaintext, piece)), recipients, new Date(), PLACES[place]));
}

async function decrypt(secret: PrivateKey, message: Uint8Array) {
  return collect(await openpgp.decryptMessage(streamOf(...pieces(message, 65_536)), [secret], MOST));
}

const PROFILES = ["version 1", "version 2 with GCM", "version 2 with OCB"];
describe.each(
  PROFILES.flatMap((profile) => (Object.keys(PLACES) as Place[]).map((place) => [profile, place] as const)),
)("a message written with node:crypto, %s, %s", (profile, place) => {
  test.each(shareOf(SIZES, 2))("of %i bytes is decrypted by openpgp.js, and framed as by openpgp.js", async (size) => {
    const { secret, recipient } = pairOf(profile);
    const plaintext = new Random(`native ${size}`).bytes(size);
    const message = await encrypt([recipient], plaintext, place);
    expectSame(await decrypt(secret, message), plaintext);
    const bare = await openpgp.encryptMessage(streamOf(...pieces(plaintext, 30_000)), [recipient], new Date());
    expect(framing(message)).toBe(framing(await collect(bare)));
  });

  test("has the same framing for contents in chunks of any size", async () => {
    const plaintext = new Random("pieces").bytes(300_000);
    const framings = [1_000, 65_537, 300_000].map(async (piece) =>
      framing(await encrypt([pairOf(profile).recipient], plaintext, place, piece)),
    );
    expect(new Set(await Promise.all(framings)).size).toBe(1);
  });

  test("names no recipient, and has AES-256 and a new key each time", async () => {
    const { recipient } = pairOf(profile);
    const [one, other] = [
      await encrypt([recipient], new Uint8Array(10), place),
      await encrypt([recipient], new Uint8Array(10), place),
    ];
    const { recipients, protection } = await openpgp.inspectMessage(streamOf(one));
    expect(recipients).toMatchObject([{ key: null }]);
    if (protection.version === 2) expect(protection.cipher).toBe(enums.symmetric.aes256);
    expect(Buffer.compare(one.subarray(-60), other.subarray(-60))).not.toBe(0);
  });

  test(`is reported as damaged when any bit of its data is flipped ${WITH_SEED}`, async () => {
    const { secret, recipient } = pairOf(profile);
    const message = await encrypt([recipient], new Random("flip").bytes(5_000), place);
    const random = new Random(`flips ${profile}`);
    for (let count = 0; count < 20; count += 1) {
      const copy = concat(message);
      const place = random.integer(message.length - 5_000, message.length - 1);
      copy[place] = (copy[place] ?? 0) ^ (1 << random.integer(0, 7));
      expect(await codeOf(() => decrypt(secret, copy))).toBe("damaged");
    }
  });

  test("reads contents from reused buffers, and fills the buffers of its reader", async () => {
    const { secret, recipient } = pairOf(profile);
    const plaintext = new Random("memory").bytes(1_000_000);
    const content = doubleBuffered(plaintext.length, async (block, position) => {
      block.set(plaintext.subarray(position, position + block.length));
    });
    const reader = (await encryptMessage(content, [recipient], new Date(), PLACES[place])).getReader({ mode: "byob" });
    const message: Uint8Array[] = [];
    for (let memory = new Uint8Array(70_000); ; ) {
      const { done, value } = await reader.read(memory);
      if (done) break;
      message.push(value.slice());
      memory = new Uint8Array(value.buffer);
    }
    expectSame(await decrypt(secret, concat(...message)), plaintext);
  });

  test("reads its contents only as fast as it is read (backpressure)", async () => {
    const { stream, count } = countedStream(32 * 1024 * 1024);
    const reader = (await encryptMessage(stream, [pairOf(profile).recipient], new Date(), PLACES[place])).getReader();
    let taken = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      taken += next.value.length;
      if (taken % 16 === 0) await settle();
      expect(count.pulled - taken).toBeLessThan(4 * 1024 * 1024);
    }
    expect(taken).toBeGreaterThan(32 * 1024 * 1024);
  });

  test("fails when its contents fail, and cancels them when it is cancelled", async () => {
    const { recipient } = pairOf(profile);
    const broken = new ReadableStream<Uint8Array>({
      pull: () => Promise.reject(new Error("the disk is gone")),
    });
    expect(
      await failureOf(async () => collect(await encryptMessage(broken, [recipient], new Date(), PLACES[place]))),
    ).toMatchObject({
      message: "the disk is gone",
    });
    const { stream, count } = countedStream(32 * 1024 * 1024);
    const reader = (await encryptMessage(stream, [recipient], new Date(), PLACES[place])).getReader();
    for (let turn = 0; turn < 4; turn += 1) await reader.read();
    await reader.cancel();
    await expect.poll(() => count.cancelled).toBe(true);
  });
});

test("several large messages are encrypted at the same time without mixing", async () => {
  const { secret, recipient } = pairOf("version 2 with GCM");
  const all = Array.from({ length: 5 }, (_, number) => new Random(`at once ${number}`).bytes(4_200_000));
  const messages = await Promise.all(all.map((plaintext) => encrypt([recipient], plaintext, "in a thread of its own")));
  for (const [number, plaintext] of all.entries()) {
    expectSame(await decrypt(secret, messages[number] ?? new Uint8Array(0)), plaintext);
  }
});

test("every recipient can decrypt a message, which has version 1 if one of them requires it", async () => {
  const all = ["version 1", "version 2 with GCM"].map(pairOf);
  const plaintext = new Random("several").bytes(70_000);
  const message = await encrypt(
    all.map(({ recipient }) => recipient),
    plaintext,
  );
  expect((await openpgp.inspectMessage(streamOf(message))).protection).toEqual({ version: 1 });
  for (const { secret } of all) expectSame(await decrypt(secret, message), plaintext);
});

test("fails with no_recipient and encryption_failed as core's own does", async () => {
  expect(await codeOf(() => encrypt([], new Uint8Array(1)))).toBe("no_recipient");
  const past = new Date("2020-01-01T00:00:00Z");
  const { publicKey } = await generateKey({
    userIDs: [{ name: "x" }],
    date: past,
    keyExpirationTime: 60,
    format: "object",
  });
  const expired = await recipientFrom(publicKey, past);
  expect(await codeOf(() => encrypt([expired], new Uint8Array(1)))).toBe("encryption_failed");
});

describe.runIf(requireTools("messages written with node:crypto, read by others", "gpg", "sq"))(
  "opened by others",
  () => {
    let gpg: GnuPg;
    let recipient: openpgp.Recipient;
    let secret: string;

    beforeAll(async () => {
      gpg = await GnuPg.create();
      const fingerprint = await gpg.generate("curve25519");
      const [certificate] = await openpgp.readCertificates(await gpg.exportPublic(fingerprint));
      if (certificate === undefined) throw new Error("gpg exported no certificate");
      recipient = await recipientFrom(certificate, new Date());
      secret = join(gpg.home, "secret.asc");
      await writeFile(secret, await gpg.exportSecret(fingerprint));
    });
    afterAll(() => gpg.close());

    test.each([
      ...SIZES.map((size) => [size, "in this thread"] as const),
      ...[0, BLOCK, 5_000_000].map((size) => [size, "in a thread of its own"] as const),
    ])("GnuPG and Sequoia give %i bytes back that were encrypted %s", async (size, place) => {
      const plaintext = new Random(`others ${size}`).bytes(size);
      const message = await encrypt([recipient], plaintext, place);
      expectSame(await gpg.decrypt(message), plaintext);
      const { code, stdout, stderr } = await run("sq", ["decrypt", "--recipient-key", secret], { input: message });
      if (code !== 0) throw new Error(stderr);
      expectSame(stdout, plaintext);
    });
  },
);
