import { describe, expect, test } from "vitest";
import { ArchiveError, createReply, MAX_REPLY_BYTES } from "../../src/core/index.js";
import {
  DecryptError,
  decryptReply,
  encryptReply,
  inspectMessage,
  MAX_REPLY_MESSAGE_BYTES,
  openReply,
} from "../../src/openpgp/index.js";
import { codeOf, collect, concat, countedStream, expectSame, pieces, streamOf, utf8 } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { readReplyVectors, readVector } from "../vectors/manifest.js";

const vectors = readReplyVectors();
const KEY = vectors.key;
const OTHER_KEY = `${"a".repeat(51)}q`;
const TEXT = "Здравствуйте.\n\nМы получили ваше письмо.\n";
const DECRYPT_CODES = ["not_a_message", "no_matching_key", "damaged"];

function documentOf(name: string, bytes: Uint8Array, type = "application/pdf") {
  return { name, type, size: bytes.length, open: () => streamOf(...pieces(bytes, 10_000)) };
}

const PDF = new Random("reply").bytes(70_000);
const reply = () =>
  createReply({ text: TEXT, documents: [documentOf("письмо.pdf", PDF), documentOf("a/b.txt", utf8("x"), "")] });

async function message(): Promise<Uint8Array<ArrayBuffer>> {
  return collect(await encryptReply(reply().stream, KEY));
}

describe("encrypting and decrypting a reply", () => {
  test("returns the text and the documents", async () => {
    const encrypted = await message();
    expect(await inspectMessage(streamOf(encrypted), "password")).toMatchObject({ protection: { version: 1 } });
    for (const size of [1, 512, 65_536]) {
      const { text, files } = await openReply(streamOf(...pieces(encrypted, size)), KEY);
      expect(text).toBe(TEXT);
      expect(files.map(({ name, type }) => [name, type])).toEqual([
        ["письмо.pdf", "application/pdf"],
        ["a/b.txt", ""],
      ]);
      expectSame(files[0]?.content ?? new Uint8Array(0), PDF);
    }
  });

  test("makes a message whose size depends only on the archive's size", async () => {
    const sizeOf = async (text: string) =>
      (await collect(await encryptReply(createReply({ text, documents: [] }).stream, KEY))).length;
    expect(await sizeOf("")).toBe(await sizeOf("ж".repeat(20_000)));
  });

  test("carries the largest reply", async () => {
    const size = MAX_REPLY_BYTES - 4_608;
    const document = { name: "a", type: "", size, open: () => countedStream(size).stream };
    const encrypted = await collect(await encryptReply(createReply({ text: "", documents: [document] }).stream, KEY));
    expect(encrypted.length).toBeGreaterThan(MAX_REPLY_BYTES);
    expect(encrypted.length).toBeLessThan(MAX_REPLY_MESSAGE_BYTES);
    const { files } = await openReply(streamOf(...pieces(encrypted, 100_000)), KEY);
    expect(files[0]?.content.length).toBe(size);
  });

  test.each(vectors.accepted)("opens $file ($origin)", async ({ file: name }) => {
    const { text, files } = await openReply(streamOf(readVector(name)), KEY);
    expect(text).toBe(vectors.text);
    // Without a record the name comes from the entry.
    expect(files).toEqual([{ name: "answer.txt", type: "", content: utf8(vectors.document) }]);
  });

  test.each(vectors.rejected)("does not open $file", async ({ file: name }) => {
    expect(DECRYPT_CODES).toContain(await codeOf(() => openReply(streamOf(readVector(name)), KEY)));
  });

  test.each(vectors.accepted)("does not open $file with another key", async ({ file: name }) => {
    expect(["no_matching_key", "damaged"]).toContain(
      await codeOf(() => openReply(streamOf(readVector(name)), OTHER_KEY)),
    );
  });

  test("fails with no_matching_key or damaged for any other key", async () => {
    const encrypted = await message();
    for (let count = 0; count < 20; count += 1) {
      const other = `${"abcdefghijklmnopqrst"[count]}${OTHER_KEY.slice(1)}`;
      expect(["no_matching_key", "damaged"]).toContain(await codeOf(() => openReply(streamOf(encrypted), other)));
    }
  });

  test("refuses an invalid key, and cancels the message", async () => {
    expect(await codeOf(() => encryptReply(reply().stream, "12345678901234567891"))).toBe("not_a_reply_key");
    const { stream, count } = countedStream(10);
    expect(await codeOf(() => decryptReply(stream, ""))).toBe("no_matching_key");
    expect(count.cancelled).toBe(true);
  });

  test(`fails when any bit of the data is flipped ${WITH_SEED}`, async () => {
    const encrypted = await message();
    const random = new Random("flips reply");
    const outcomes: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const copy = concat(encrypted);
      const place = random.integer(copy.length - 60_000, copy.length - 1);
      copy[place] = (copy[place] ?? 0) ^ (1 << random.integer(0, 7));
      // The archive reader may fail before the integrity check at the end of the stream does.
      const failure = await openReply(streamOf(copy), KEY).catch((cause: unknown) => cause);
      if (!(failure instanceof DecryptError) && !(failure instanceof ArchiveError)) throw new Error("it was opened");
      outcomes.push(failure.code);
    }
    expect(outcomes).toContain("damaged");
  });

  test("fails when truncated", async () => {
    const encrypted = await message();
    for (const missing of [1, 20, 22, 100, 60_000]) {
      expect(await codeOf(() => openReply(streamOf(encrypted.subarray(0, -missing)), KEY))).toBe("damaged");
    }
  });
});
