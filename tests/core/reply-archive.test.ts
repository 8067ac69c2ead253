import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ArchiveError,
  createReply,
  MAX_REPLY_BYTES,
  type Reply,
  readArchive,
  readReply,
} from "../../src/core/index.js";
import { codeOf, collect, countedStream, pieces, streamOf, utf8 } from "../support/bytes.js";
import { Random, seeded, WITH_SEED } from "../support/seed.js";
import { file, folder, type RawEntry, rawArchive } from "../support/ustar.js";

const TEXT = "Здравствуйте.\n\nМы получили ваше письмо.\n";

function documentOf(name: string, bytes: Uint8Array, type = "application/pdf") {
  return { name, type, size: bytes.length, open: () => streamOf(...pieces(bytes, 10_000)) };
}

const PDF = new Random("reply").bytes(70_000);
const reply = () =>
  createReply({ text: TEXT, documents: [documentOf("письмо.pdf", PDF), documentOf("a/b.txt", utf8("x"), "")] });

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

  test("has the same size with a short text as with a long one", () => {
    const long = createReply({ text: "ж".repeat(20_000), documents: [] });
    expect(long.size).toBe(64 * 1024);
    expect(createReply({ text: "", documents: [] }).size).toBe(long.size);
  });

  test("is refused as a submission, and a submission as a reply", async () => {
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
    // Headers, record and end mark take 4 608 bytes.
    for (const size of [MAX_REPLY_BYTES - 4_607, MAX_REPLY_BYTES, 2 ** 32]) {
      expect(await codeOf(() => createReply({ text: "", documents: [of(size)] }))).toBe("too_large");
    }
    expect(opened).toBe(0);
    expect(createReply({ text: "", documents: [of(MAX_REPLY_BYTES - 4_608)] }).size).toBe(MAX_REPLY_BYTES);
  });
});

describe("reading a reply from any program", () => {
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
    expect(await read(...entries)).toEqual({ text: "text", files, opened: null });
  });

  test("a notice says its day", async () => {
    const notice = await read(text, file("reply/reply.json", record([], { opened: "2026-05-17" })));
    expect(notice.opened).toBe("2026-05-17");
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
    ["a day that is none", "malformed", [text, file("reply/reply.json", record([], { opened: "17 May" }))]],
    ["a day that is a number", "malformed", [text, file("reply/reply.json", record([], { opened: 17 }))]],
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
    const size = `${(MAX_REPLY_BYTES + 1).toString(8).padStart(11, "0")}\0`;
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
