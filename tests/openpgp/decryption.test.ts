import { createMessage, encrypt, enums, generateKey, type PrivateKey, readPrivateKey } from "openpgp";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { maxContentBytes } from "../../src/core/index.js";
import { DecryptError, decryptMessage, decryptShortMessage, MAX_SHORT_BYTES } from "../../src/openpgp/index.js";
import { StallWatchdog } from "../../src/openpgp/stall-watchdog.js";
import { codeOf, collect, concat, pieces, streamOf, utf8 } from "../support/bytes.js";
import { packet } from "../support/sealed.js";
import { Random } from "../support/seed.js";
import { readManifest, readText, readVector } from "../vectors/manifest.js";

const MOST = 2 ** 30;
const { accepted, rejected } = readManifest();

let keys: readonly PrivateKey[];
beforeAll(async () => {
  const files = new Set(accepted.map(({ key }) => key));
  keys = await Promise.all([...files].map((file) => readPrivateKey({ armoredKey: readText(file) })));
});

/** The code that a message fails with, or "opens". */
async function outcome(message: Uint8Array, size = message.length): Promise<string> {
  try {
    await collect(await decryptMessage(streamOf(...pieces(message, Math.max(1, size))), keys, MOST));
    return "opens";
  } catch (failure) {
    if (!(failure instanceof DecryptError)) throw failure;
    return failure.code;
  }
}

/** The outcome of each message that the portal rejects, all of which once went through a stream of openpgp.js. */
const OUTCOMES: Readonly<Record<string, string>> = {
  empty: "not_a_message",
  "plain-text": "not_a_message",
  jpeg: "not_a_message",
  zip: "not_a_message",
  armored: "not_a_message",
  "armor-then-plain-text": "not_a_message",
  "signed-only": "no_matching_key",
  "signed-and-compressed": "no_matching_key",
  compressed: "no_matching_key",
  literal: "no_matching_key",
  "public-key": "not_a_message",
  "with-password": "no_matching_key",
  "with-password-and-key": "opens",
  "trailing-byte": "damaged",
  "trailing-literal": "damaged",
  "two-messages": "damaged",
  "two-seipd": "damaged",
  truncated: "damaged",
  "truncated-header": "not_a_message",
  "no-data": "damaged",
  "no-session-key": "no_matching_key",
  "literal-first": "no_matching_key",
  "literal-between": "not_a_message",
  "marker-first": "opens",
  "v3-key-with-v2-data": "damaged",
  "v6-key-with-v1-data": "damaged",
  "unknown-key-algorithm": "no_matching_key",
  elgamal: "not_a_message",
  "unknown-key-version": "no_matching_key",
  "unknown-data-version": "not_a_message",
  "unknown-cipher": "damaged",
  "session-key-with-more": "opens",
  "session-key-too-long": "no_matching_key",
  "plain-text-as-data": "damaged",
  "without-integrity": "damaged",
  "ocb-of-gnupg": "not_a_message",
  "indeterminate-length": "damaged",
  "short-first-portion": "damaged",
  "too-many-recipients": "too_many_recipients",
};

describe("a short message", () => {
  const watch = vi.spyOn(StallWatchdog.prototype, "watch");
  afterEach(() => {
    // What fails is told at once: nothing waits for a stall.
    expect(watch).not.toHaveBeenCalled();
    watch.mockClear();
  });
  const name = (file: string) => file.replace(/^rejected\/|\.pgp$/g, "");

  test.each(rejected)("$file is told apart at once, however it is chunked", async ({ file }) => {
    const message = readVector(file);
    for (const size of [1, 100, 65_536]) expect(await outcome(message, size)).toBe(OUTCOMES[name(file)]);
  });

  test("has an outcome here for each vector", () => {
    expect(Object.keys(OUTCOMES)).toEqual(rejected.map(({ file }) => name(file)));
  });

  const spans = (...pairs: [end: number, code: string][]) => pairs;
  test.each([
    [
      "accepted/gpg-curve25519.pgp",
      spans([96, "not_a_message"], [97, "damaged"], [99, "not_a_message"], [201, "damaged"]),
    ],
    [
      "accepted/openpgpjs-v2-ocb.pgp",
      spans([78, "not_a_message"], [79, "damaged"], [116, "not_a_message"], [202, "damaged"]),
    ],
  ])("%s is told apart when truncated anywhere: inside its keys, after them, inside its data", async (file, ends) => {
    const message = readVector(file);
    expect(message).toHaveLength(ends.at(-1)?.[0] ?? 0);
    for (let length = 0; length < message.length; length += 1) {
      const [, code] = ends.find(([end]) => length < end) ?? [];
      expect(await outcome(message.subarray(0, length)), `${length} bytes`).toBe(code);
    }
  });

  test("to another key is told so even when it is damaged as well", async () => {
    const message = readVector("accepted/gpg-curve25519.pgp");
    const { privateKey } = await generateKey({ userIDs: [{ name: "x" }], format: "object" });
    for (const bad of [message, message.subarray(0, -1), concat(message, new Uint8Array(1))]) {
      expect(await codeOf(() => decryptShortMessage(bad, [privateKey], MOST))).toBe("no_matching_key");
    }
  });

  test.each([64, 65])("may be for 64 recipients: %i", async (count) => {
    const message = readVector("accepted/gpg-curve25519.pgp");
    const key = message.subarray(0, 96);
    const many = concat(...Array.from({ length: count }, () => key), message.subarray(96));
    expect(await outcome(many)).toBe(count === 64 ? "opens" : "too_many_recipients");
  });

  test.each([8, 9])("may begin with a few markers, which have to be ignored: %i", async (count) => {
    const marker = packet(10, utf8("PGP"));
    const message = concat(...Array.from({ length: count }, () => marker), readVector("accepted/gpg-curve25519.pgp"));
    expect(await outcome(message)).toBe(count === 8 ? "opens" : "not_a_message");
  });

  test("with a packet that openpgp.js streams in a place where it stalls is damaged", async () => {
    expect(await outcome(readVector("hostile/packet-out-of-place.pgp"))).toBe("damaged");
  });
});

describe("a long message", () => {
  test(`is one of over ${MAX_SHORT_BYTES} bytes, and opens as well`, async () => {
    const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: "x" }], format: "object" });
    const text = new Random("long").bytes(MAX_SHORT_BYTES);
    const whole = await encrypt({
      message: await createMessage({ binary: text }),
      encryptionKeys: publicKey,
      format: "binary",
      config: { preferredCompressionAlgorithm: enums.compression.uncompressed },
    });
    const over = whole.length - MAX_SHORT_BYTES;
    expect(over).toBeGreaterThan(0);
    for (const size of [65_536, whole.length]) {
      const opened = await collect(await decryptMessage(streamOf(...pieces(whole, size)), [privateKey], MOST));
      expect(Buffer.compare(opened, text)).toBe(0);
    }
  });

  test("for too many recipients is refused before any is tried, and its source is cancelled", async () => {
    const packets = concat(...Array.from({ length: 65 }, () => concat(new Uint8Array([0xc1, 50]), new Uint8Array(50))));
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(packets);
      },
      pull(controller) {
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await codeOf(() => decryptMessage(source, keys, MOST))).toBe("too_many_recipients");
    expect(cancelled).toBe(true);
  });

  test("whose source fails fails with that error as the cause", async () => {
    const broken = new Error("the medium is gone");
    const failing = (bytes: number) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          if (bytes > 0) controller.enqueue(new Uint8Array(bytes));
        },
        pull() {
          throw broken;
        },
      });
    await expect(decryptMessage(failing(0), keys, MOST)).rejects.toMatchObject({ code: "unreadable", cause: broken });
    await expect(decryptMessage(failing(100), keys, MOST)).rejects.toMatchObject({ code: "unreadable", cause: broken });
  });
});

describe("compressed contents", () => {
  const ALGORITHMS = [enums.compression.zip, enums.compression.zlib] as const;
  /** Bytes of the literal packet around so many bytes of text: a header of 6, and one or five of length. */
  const packetBytes = (bytes: number) => bytes + 6 + (bytes + 6 < 8384 ? 3 : 6);

  async function compressed(text: Uint8Array, algorithm: number) {
    const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: "x" }], format: "object" });
    const message = await encrypt({
      message: await createMessage({ binary: text }),
      encryptionKeys: publicKey,
      format: "binary",
      config: { preferredCompressionAlgorithm: algorithm },
    });
    return { message, open: (maxBytes: number) => decryptMessage(streamOf(message), [privateKey], maxBytes) };
  }

  test.each(ALGORITHMS)("may be as large as the limit, and no larger: algorithm %i", async (algorithm) => {
    const text = utf8("лист ".repeat(500));
    const { message, open } = await compressed(text, algorithm);
    const bytes = packetBytes(text.length);
    expect(message.length).toBeLessThan(bytes / 2);
    expect(await collect(await open(bytes))).toEqual(text);
    expect(await codeOf(() => open(bytes - 1))).toBe("too_compressed");
  });

  test("of a long message are limited as well", async () => {
    const text = concat(new Random("bomb").bytes(MAX_SHORT_BYTES), new Uint8Array(4 * MAX_SHORT_BYTES));
    const { message, open } = await compressed(text, enums.compression.zlib);
    expect(message.length).toBeGreaterThan(MAX_SHORT_BYTES);
    expect((await collect(await open(packetBytes(text.length)))).length).toBe(text.length);
    expect(await codeOf(async () => collect(await open(packetBytes(text.length) - 1)))).toBe("too_compressed");
  });

  test.each([
    [0, 1024 ** 2],
    [104_857, 1024 ** 2],
    [104_858, 1_048_580],
    [1024 ** 2, 10 * 1024 ** 2],
  ])("of a message of %i bytes may have %i at the desk", (bytes, limit) => {
    expect(maxContentBytes(bytes)).toBe(limit);
  });
});
