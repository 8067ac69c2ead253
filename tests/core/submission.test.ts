import { describe, expect, test } from "vitest";
import { createSubmission, readArchive, type SubmissionContents } from "../../src/core/index.js";
import { codeOf, collect, streamOf, utf8 } from "../support/bytes.js";

const decoder = new TextDecoder("utf-8", { fatal: true });

function documentOf(name: string, text: string, type = "image/jpeg"): SubmissionContents["documents"][number] {
  const bytes = utf8(text);
  return { name, type, size: bytes.length, open: () => streamOf(bytes) };
}

const CONTENTS: SubmissionContents = {
  caseId: "0123456789abcdef0123456789abcdef",
  form: { id: "default", version: 3 },
  language: "ru",
  answers: { name: "Анна", story: "строка\nещё строка \u{1f54a}" },
  letter: "Имя: Анна\n\nИстория: …\n",
  documents: [
    documentOf("паспорт.jpg", "one"),
    documentOf("паспорт.jpg", "two"),
    documentOf("../a\u202eb.pdf", "three", ""),
  ],
  encryptedBy: "browser",
};

/** Path and text of every entry but the padding, in order. */
async function read(contents: SubmissionContents): Promise<[path: string, text: string][]> {
  const entries: [string, string][] = [];
  for await (const entry of readArchive(createSubmission(contents).stream)) {
    expect(entry.root).toBe(`submission-${contents.caseId.slice(0, 8)}`);
    if (entry.path !== "padding") entries.push([entry.path, decoder.decode(await collect(entry.body))]);
  }
  return entries;
}

describe("a submission", () => {
  test("is a folder with the letter, the record, and the documents in their order", async () => {
    const entries = await read(CONTENTS);
    expect(entries.map(([path]) => path)).toEqual([
      "",
      "files",
      "letter.txt",
      "submission.json",
      "files/01-паспорт.jpg",
      "files/02-паспорт.jpg",
      "files/03-a_b.pdf",
    ]);
    expect(entries.slice(4).map(([, text]) => text)).toEqual(["one", "two", "three"]);
  });

  test("holds the letter unchanged", async () => {
    expect((await read(CONTENTS))[2]).toEqual(["letter.txt", CONTENTS.letter]);
  });

  test("holds a record with every answer and every document's original name", async () => {
    const [, text = ""] = (await read(CONTENTS))[3] ?? [];
    expect(text.endsWith("}\n")).toBe(true);
    expect(JSON.parse(text)).toEqual({
      format: "postern-submission",
      version: 1,
      case: CONTENTS.caseId,
      form: { id: "default", version: 3 },
      language: "ru",
      answers: CONTENTS.answers,
      files: [
        { entry: "files/01-паспорт.jpg", name: "паспорт.jpg", type: "image/jpeg", bytes: 3 },
        { entry: "files/02-паспорт.jpg", name: "паспорт.jpg", type: "image/jpeg", bytes: 3 },
        { entry: "files/03-a_b.pdf", name: "../a\u202eb.pdf", type: "", bytes: 5 },
      ],
      followUp: false,
      encrypted: "browser",
    });
  });

  test("records the reply address, and whether it is a follow-up", async () => {
    const reply = { mailbox: "a".repeat(32), key: `${"b".repeat(51)}q`, code: "never written" };
    const recordOf = async (more: Partial<SubmissionContents>): Promise<unknown> =>
      JSON.parse((await read({ ...CONTENTS, ...more }))[3]?.[1] ?? "");
    const address = { mailbox: reply.mailbox, key: reply.key };
    expect(await recordOf({ reply })).toMatchObject({ reply: address, followUp: false });
    expect(JSON.stringify(await recordOf({ reply }))).not.toContain("never written");
    expect(await recordOf({ reply, followUp: true })).toMatchObject({ reply: address, followUp: true });
    expect(await recordOf({})).not.toHaveProperty("reply");
  });

  test.each(["browser", "server", "offline"] as const)(
    "records that it was encrypted by the %s",
    async (encryptedBy) => {
      const [, text = ""] = (await read({ ...CONTENTS, encryptedBy }))[3] ?? [];
      expect(JSON.parse(text)).toMatchObject({ encrypted: encryptedBy });
    },
  );

  test("may have no documents and no answers", async () => {
    const entries = await read({ ...CONTENTS, answers: {}, letter: "", documents: [] });
    expect(entries.map(([path]) => path)).toEqual(["", "files", "letter.txt", "submission.json"]);
    expect(entries[2]?.[1]).toBe("");
  });

  test("may have a hundred documents with the same name", async () => {
    const documents = Array.from({ length: 100 }, (_, index) => documentOf("a.jpg", String(index)));
    const entries = await read({ ...CONTENTS, documents });
    expect(entries.at(-1)).toEqual(["files/100-a.jpg", "99"]);
    expect(new Set(entries.map(([path]) => path)).size).toBe(104);
  });

  test("has the same size with a short letter as with a long one", () => {
    const short = createSubmission({ ...CONTENTS, letter: "", documents: [] });
    const long = createSubmission({ ...CONTENTS, letter: "ж".repeat(20_000), documents: [] });
    expect(short.size).toBe(long.size);
    expect(short.size).toBe(64 * 1024);
  });

  test("fails if a document differs from its declared size", async () => {
    const torn = { ...documentOf("a.jpg", "abc"), size: 4 };
    expect(await codeOf(() => read({ ...CONTENTS, documents: [torn] }))).toBe("size_changed");
  });
});
