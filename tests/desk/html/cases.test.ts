import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Case } from "../../../src/cases/index.js";
import { judgeDocument, readCases, writeCaseIndex, writeCaseNote } from "../../../src/desk/index.js";
import { makeCases, putCase } from "../../support/cases.js";

const ID = "a".repeat(32);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-cases-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const DOCM = "application/vnd.ms-word.document.macroenabled.12";

/** As much of an office file as says what it is: its list of parts, stored in a ZIP. */
function officeFile(part: string, type: string): Buffer {
  const name = Buffer.from("[Content_Types].xml");
  const contents = Buffer.from(
    `<?xml version="1.0"?><Types><Override PartName="/${part}.xml" ContentType="${type}.main+xml"/></Types>`,
  );
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt32LE(crc32(contents), 14);
  head.writeUInt32LE(contents.length, 18);
  head.writeUInt32LE(contents.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name, contents]);
}

describe("a document is assessed by its content", () => {
  const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010806000000", "hex");
  const zip = Buffer.from("504b0304140000000800000000000000000000000000000000000000000001000000612e7478740a", "hex");
  it.each<[string, Uint8Array, string | null, string[]]>([
    ["фото.png", png, "image/png", []],
    ["фото.jpg", png, "image/png", ["mismatch"]],
    ["фото.jpg", Buffer.from("MZ\x90\x00\x03"), "application/x-msdownload", ["program", "mismatch"]],
    ["run.exe", Buffer.from("hello"), null, ["program"]],
    ["script", Buffer.from("#!/bin/sh\n"), null, ["program"]],
    ["old.doc", Buffer.from("d0cf11e0a1b11ae1", "hex"), "application/x-cfb", ["macros"]],
    ["new.docm", zip, "application/zip", ["macros", "archive"]],
    [
      "приговор.docx",
      officeFile("word/document", "application/vnd.ms-word.document.macroEnabled"),
      DOCM,
      ["macros", "mismatch"],
    ],
    ["приговор", officeFile("word/document", "application/vnd.ms-word.document.macroEnabled"), DOCM, ["macros"]],
    ["table.xlsb", Buffer.from("hello"), null, ["macros"]],
    ["link.url", Buffer.from("hello"), null, ["program"]],
    ["marked.txt", Buffer.from("\ufeff <html>"), null, ["markup"]],
    ["page.html", Buffer.from("hello"), null, ["markup"]],
    ["letter.txt", Buffer.from("  <!DOCTYPE html><script>"), null, ["markup"]],
    ["drawing.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'>"), null, ["markup"]],
    ["files.zip", zip, "application/zip", ["archive"]],
    ["приговор.pdf", Buffer.from("%PDF-1.7\n"), "application/pdf", []],
    ["приговор.pdf", Buffer.from("hello"), null, ["mismatch"]],
    ["empty.jpg", Buffer.alloc(0), null, []],
    ["notes.txt", Buffer.from("hello"), null, []],
  ])("%s", async (name, contents, type, warnings) => {
    const path = join(folder, "x");
    await writeFile(path, contents);
    expect(await judgeDocument(path, name)).toEqual({ type, warnings });
  });
});

const all = async () => {
  const found: Case[] = [];
  for await (const one of readCases(folder)) found.push(one);
  return found;
};

describe("the cases", () => {
  it("are read with their answers, documents, follow-ups and notes", async () => {
    await putCase(folder, "submission-aaaaaaaa", {
      record: { case: ID, reply: { mailbox: "a".repeat(32), key: "a".repeat(52) } },
      letter: "Письмо\n\nПривет\n",
      day: "2026-11-20",
      files: [{ name: "a.txt", contents: Buffer.from("x") }],
    });
    await putCase(join(folder, "submission-aaaaaaaa"), "follow-up-bbbbbbbb", {
      record: { case: "b".repeat(32) },
      letter: "Ещё",
      day: "2026-11-22",
    });
    await writeCaseNote(folder, ID, { status: "reading" });
    await writeCaseNote(folder, ID, { note: "перезвонить" });
    expect(await all()).toEqual([
      expect.objectContaining({
        id: ID,
        folder: "submission-aaaaaaaa",
        day: "2026-11-20",
        answerable: true,
        status: "reading",
        note: "перезвонить",
        documents: [expect.objectContaining({ name: "a.txt", path: "submission-aaaaaaaa/files/01-a.txt", bytes: 1 })],
        followUps: [expect.objectContaining({ day: "2026-11-22", letter: "Ещё" })],
      }),
    ]);
  });

  it("come one after the other, the newest day first", async () => {
    await makeCases(folder, 30);
    const days = (await all()).map(({ day }) => day);
    expect(days).toHaveLength(30);
    expect(days).toEqual([...days].sort().reverse());
  });

  it("include only complete cases of ours, whatever else is in the folder", async () => {
    await putCase(folder, "submission-aaaaaaaa", { record: { case: ID }, letter: "x", day: "nonsense" });
    await putCase(folder, "somebody-elses", { record: { case: "b".repeat(32) }, letter: "x", day: "2026-11-20" });
    await mkdir(join(folder, "submission-00000000"));
    await writeFile(join(folder, "submission-11111111"), "x");
    await mkdir(join(folder, "submission-22222222"));
    await writeFile(join(folder, "submission-22222222/submission.json"), '{"case":"../x"}');
    expect((await all()).map(({ id, day }) => [id, day])).toEqual([[ID, ""]]);
  });

  it("refer to no file outside their folder of documents", async () => {
    await putCase(folder, "submission-aaaaaaaa", {
      record: {
        case: ID,
        files: ["../../secret", "files/../../x", "/etc/passwd", "files/..", "files/sub/x", "letter.txt"].map(
          (entry) => ({
            entry,
            name: "x",
            type: "",
            bytes: 1,
          }),
        ),
      },
      letter: "x",
      day: "2026-11-20",
    });
    await symlink("/etc", join(folder, "submission-aaaaaaaa/files/sub"));
    expect((await all())[0]?.documents).toEqual([]);
  });

  const notes = { format: "postern-case-notes", version: 1, cases: {} };
  it.each([
    "{",
    "null",
    "[]",
    JSON.stringify({ ...notes, format: "other" }),
    JSON.stringify({ ...notes, version: 2 }),
    JSON.stringify({ ...notes, cases: null }),
    JSON.stringify({ ...notes, cases: [] }),
    JSON.stringify({ ...notes, cases: [{ status: "new", note: "" }] }),
    JSON.stringify({ ...notes, cases: { "../x": { status: "new", note: "" } } }),
    JSON.stringify({ ...notes, cases: { [ID]: { status: "lost", note: "" } } }),
    JSON.stringify({ ...notes, cases: { [ID]: { status: "new" } } }),
    JSON.stringify({ ...notes, cases: { [ID]: null } }),
  ])("keep their notes when the file is damaged: it is never begun anew by itself: %s", async (text) => {
    await writeFile(join(folder, "case-notes.json"), text);
    await expect(writeCaseNote(folder, ID, { note: "x" })).rejects.toMatchObject({ code: "damaged" });
    expect(await readFile(join(folder, "case-notes.json"), "utf8")).toBe(text);
  });

  it("fill an index of one file, whose data cannot close its element", async () => {
    await makeCases(folder, 5);
    await putCase(folder, "submission-aaaaaaaa", {
      record: { case: ID },
      letter: "</script><script>alert(1)</script><!--",
      day: "2026-11-20",
    });
    const page = await readFile(await writeCaseIndex(folder), "utf8");
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain("alert(1)</script>");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });
});
