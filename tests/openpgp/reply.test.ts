import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArchiveError, readArchive } from "../../src/core/index.js";
import {
  createReply,
  DecryptError,
  decryptReply,
  encryptReply,
  inspectMessage,
  LARGEST_REPLY,
  LARGEST_REPLY_MESSAGE,
  openReply,
  type Reply,
  readReply,
} from "../../src/openpgp/index.js";
import { codeOf, collect, concat, countedStream, expectSame, pieces, streamOf, utf8 } from "../support/bytes.js";
import { Random, seeded, WITH_SEED } from "../support/seed.js";
import { file, folder, type RawEntry, rawArchive } from "../support/ustar.js";
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

describe("a reply's archive", () => {
  test("is a folder with the text first, then the record, then the documents", async () => {
    const { size, stream } = reply();
    const bytes = await collect(stream);
    expect(bytes.length).toBe(size);
    const layout = { root: /^reply$/, required: ["reply.txt", "reply.json"], optional: [] };
    const found: [string, string][] = [];
    for await (const { root, path, body } of readArchive(streamOf(bytes), undefined, layout)) {
      expect(root).toBe("reply");
      found.push([path, new TextDecoder().decode(await collect(body))]);
    }
    expect(found.map(([path]) => path)).toEqual([
      "",
      "files",
      "reply.txt",
      "reply.json",
      "files/01-письмо.pdf",
      "files/02-b.txt",
      "padding",
    ]);
    expect(found[2]?.[1]).toBe(TEXT);
    expect(JSON.parse(found[3]?.[1] ?? "")).toEqual({
      format: "postern-reply",
      version: 1,
      files: [
        { entry: "files/01-письмо.pdf", name: "письмо.pdf", type: "application/pdf", bytes: 70_000 },
        { entry: "files/02-b.txt", name: "a/b.txt", type: "", bytes: 1 },
      ],
    });
  });

  test("weighs the same with a short text as with a long one", () => {
    const long = createReply({ text: "ж".repeat(20_000), documents: [] });
    expect(long.size).toBe(64 * 1024);
    expect(createReply({ text: "", documents: [] }).size).toBe(long.size);
  });

  test("is not a submission's, nor the other way round", async () => {
    const { stream } = reply();
    expect(await codeOf(() => readArchive(stream).next())).toBe("unsafe_path");
    const submission = rawArchive([folder("submission-1a2b3c4d/")]);
    expect(await codeOf(() => readReply(streamOf(submission)))).toBe("unsafe_path");
  });

  test("is refused over 32 MiB with its padding, before any document is opened", async () => {
    let opened = 0;
    const of = (size: number) => ({
      name: "a",
      type: "",
      size,
      open: () => {
        opened += 1;
        return countedStream(size).stream;
      },
    });
    // Headers, record and end mark take 4 608 bytes here.
    for (const size of [LARGEST_REPLY - 4_607, LARGEST_REPLY, 2 ** 32]) {
      expect(await codeOf(() => createReply({ text: "", documents: [of(size)] }))).toBe("too_large");
    }
    expect(opened).toBe(0);
    expect(createReply({ text: "", documents: [of(LARGEST_REPLY - 4_608)] }).size).toBe(LARGEST_REPLY);
  });
});

describe("encrypting and decrypting a reply", () => {
  test("gives the text and the documents back", async () => {
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

  test("makes a message whose size tells the archive's size only", async () => {
    const sizeOf = async (text: string) =>
      (await collect(await encryptReply(createReply({ text, documents: [] }).stream, KEY))).length;
    expect(await sizeOf("")).toBe(await sizeOf("ж".repeat(20_000)));
  });

  test("carries the largest reply", async () => {
    const size = LARGEST_REPLY - 4_608;
    const document = { name: "a", type: "", size, open: () => countedStream(size).stream };
    const encrypted = await collect(await encryptReply(createReply({ text: "", documents: [document] }).stream, KEY));
    expect(encrypted.length).toBeGreaterThan(LARGEST_REPLY);
    expect(encrypted.length).toBeLessThan(LARGEST_REPLY_MESSAGE);
    const { files } = await openReply(streamOf(...pieces(encrypted, 100_000)), KEY);
    expect(files[0]?.content.length).toBe(size);
  });

  test.each(vectors.accepted)("opens $file ($origin)", async ({ file: name }) => {
    const { text, files } = await openReply(streamOf(readVector(name)), KEY);
    expect(text).toBe(vectors.text);
    // None of them has a record: the name is what the entry says.
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

  test("says no_matching_key or damaged for another key, every time", async () => {
    const encrypted = await message();
    for (let count = 0; count < 20; count += 1) {
      const other = `${"abcdefghijklmnopqrst"[count]}${OTHER_KEY.slice(1)}`;
      expect(["no_matching_key", "damaged"]).toContain(await codeOf(() => openReply(streamOf(encrypted), other)));
    }
  });

  test("takes nothing for a key that is none, and lets go of the message", async () => {
    expect(await codeOf(() => encryptReply(reply().stream, "12345678901234567891"))).toBe("not_a_reply_key");
    const { stream, count } = countedStream(10);
    expect(await codeOf(() => decryptReply(stream, ""))).toBe("no_matching_key");
    expect(count.cancelled).toBe(true);
  });

  test(`is damaged when one bit of the data is flipped, anywhere ${WITH_SEED}`, async () => {
    const encrypted = await message();
    const random = new Random("flips reply");
    const outcomes: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const copy = concat(encrypted);
      const place = random.integer(copy.length - 60_000, copy.length - 1);
      copy[place] = (copy[place] ?? 0) ^ (1 << random.integer(0, 7));
      // The archive may stop reading as one before the end tells that nothing of it was to be believed.
      const failure = await openReply(streamOf(copy), KEY).catch((cause: unknown) => cause);
      if (!(failure instanceof DecryptError) && !(failure instanceof ArchiveError)) throw new Error("it was opened");
      outcomes.push(failure.code);
    }
    expect(outcomes).toContain("damaged");
  });

  test("fails when the end is missing", async () => {
    const encrypted = await message();
    for (const missing of [1, 20, 22, 100, 60_000]) {
      expect(await codeOf(() => openReply(streamOf(encrypted.subarray(0, -missing)), KEY))).toBe("damaged");
    }
  });
});

describe("reading a reply that staff or somebody else made", () => {
  const record = (files: readonly object[], more: object = {}) =>
    JSON.stringify({ format: "postern-reply", version: 1, files, ...more });
  const read = (...entries: readonly RawEntry[]) => readReply(streamOf(rawArchive([folder("reply/"), ...entries])));
  const text = file("reply/reply.txt", "text");
  const document = file("reply/files/01-a.txt", "abc");
  const described = { entry: "files/01-a.txt", name: "a.txt", type: "text/plain", bytes: 3 };

  test.each<[string, readonly RawEntry[], Reply["files"]]>([
    ["with a text alone", [text], []],
    ["with no record", [text, document], [{ name: "a.txt", type: "", content: utf8("abc") }]],
    [
      "with its entries in another order",
      [document, file("reply/reply.json", record([described])), text],
      [{ name: "a.txt", type: "text/plain", content: utf8("abc") }],
    ],
    ["with members that nobody knows", [text, file("reply/reply.json", record([], { more: 1 }))], []],
  ])("%s works", async (_, entries, files) => {
    expect(await read(...entries)).toEqual({ text: "text", files });
  });

  test.each<[string, string, readonly RawEntry[]]>([
    ["no text", "malformed", [document]],
    ["a text that is not UTF-8", "malformed", [file("reply/reply.txt", new Uint8Array([0xff]))]],
    ["a record that is not JSON", "malformed", [text, file("reply/reply.json", "{")]],
    ["a record that is null", "malformed", [text, file("reply/reply.json", "null")]],
    [
      "a record of a submission",
      "malformed",
      [text, file("reply/reply.json", record([], { format: "postern-submission" }))],
    ],
    ["a record of version 2", "malformed", [text, file("reply/reply.json", record([], { version: 2 }))]],
    ["a record that leaves a document out", "malformed", [text, document, file("reply/reply.json", record([]))]],
    ["a record of more documents", "malformed", [text, file("reply/reply.json", record([described]))]],
    [
      "a record of another document",
      "malformed",
      [text, document, file("reply/reply.json", record([{ ...described, entry: "files/02-a.txt" }]))],
    ],
    [
      "a record of another size",
      "malformed",
      [text, document, file("reply/reply.json", record([{ ...described, bytes: 4 }]))],
    ],
    [
      "a record whose document lacks a name",
      "malformed",
      [text, document, file("reply/reply.json", record([{ ...described, name: null }]))],
    ],
    ["a letter", "unsafe_path", [text, file("reply/letter.txt", "")]],
    ["a path that escapes", "unsafe_path", [text, file("reply/../evil", "")]],
    ["two texts", "duplicate_entry", [text, text]],
    ["a link", "forbidden_type", [text, { name: "reply/files/01-a", type: "2", link: "/etc/passwd" }]],
  ])("with %s is refused: %s", async (_, code, entries) => {
    expect(await codeOf(() => read(...entries))).toBe(code);
  });

  test("over 32 MiB is refused before it is in memory", async () => {
    const size = `${(LARGEST_REPLY + 1).toString(8).padStart(11, "0")}\0`;
    expect(await codeOf(() => read({ name: "reply/reply.txt", size }))).toBe("too_large");
  });

  test(`is read or refused with a code, whatever its record says ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        await read(text, file("reply/reply.json", json)).catch((failure: unknown) => {
          if (!(failure instanceof ArchiveError)) throw failure;
        });
      }),
      seeded(200),
    );
  });
});
