import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Case } from "../../../src/cases/index.js";
import { fairShare } from "../../../src/desk/html/case-budget.js";
import { judgeDocument, readCases, writeCaseIndex, writeCaseNote } from "../../../src/desk/index.js";
import { makeCases, putCase } from "../../support/cases.js";
import { removeFolder } from "../../support/temporary.js";

const ID = "a".repeat(32);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-cases-"));
});
afterEach(() => removeFolder(folder));

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
    expect(await judgeDocument(path, name)).toMatchObject({ type, warnings });
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

  it("tell the SHA-256 of every document that is not empty, and keep that of a long one until it changes", async () => {
    const long = Buffer.alloc(300_000, "x");
    await putCase(folder, "submission-aaaaaaaa", {
      record: { case: ID },
      letter: "x",
      day: "2026-11-20",
      files: [
        { name: "short.txt", contents: Buffer.from("abc") },
        { name: "long.txt", contents: long },
        { name: "empty.txt", contents: Buffer.alloc(0) },
      ],
    });
    const digests = async () => (await all())[0]?.documents.map(({ sha256 }) => sha256);
    const hex = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    const [short, path] = [hex(Buffer.from("abc")), join(folder, "submission-aaaaaaaa/files/02-long.txt")];
    const day = new Date("2026-11-20");
    await utimes(path, day, day);
    expect(await digests()).toEqual([short, hex(long), undefined]);
    // Other bytes with the same size and time: what is told now was kept.
    await writeFile(path, Buffer.alloc(300_000, "y"));
    await utimes(path, day, day);
    expect(await digests()).toEqual([short, hex(long), undefined]);
    await utimes(path, day, new Date("2026-01-01"));
    expect(await digests()).toEqual([short, hex(Buffer.alloc(300_000, "y")), undefined]);
    for (const damaged of [
      "{",
      "[]",
      '{"files/02-long.txt":{"bytes":300000,"modifiedMs":1767225600000,"sha256":"x"}}',
    ]) {
      await writeFile(join(folder, "submission-aaaaaaaa/.digests.json"), damaged);
      expect(await digests()).toEqual([short, hex(Buffer.alloc(300_000, "y")), undefined]);
    }
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
    // The words, the newest cases and their notes, the script, what draws HEIC and PDF, and what was left out.
    expect(page.match(/<\/script/g)).toHaveLength(7);
    expect(page).not.toContain("alert(1)</script>");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });
});

describe("the index of cases, of which some are meant to be too large,", () => {
  const CAP = 512 * 1024;
  /** The data of the page, as its script reads it. */
  async function indexed(limits?: Parameters<typeof writeCaseIndex>[1]) {
    const page = await readFile(await writeCaseIndex(folder, limits), "utf8");
    const elements = [...page.matchAll(/<script type="application\/json" ([^>]*)>([\s\S]*?)<\/script>/g)];
    const portions = elements.filter(([, name]) => name === 'class="cases"').map(([, , text = ""]) => text);
    const leftOut = elements.find(([, name]) => name === 'id="left-out"')?.[2] ?? "";
    return {
      portions,
      cases: portions.flatMap((text) => JSON.parse(text) as Case[]),
      leftOut: JSON.parse(leftOut) as { shortened: number; omitted: number },
    };
  }
  const id = (number: number) => number.toString(16).padStart(8, "0").padEnd(32, "0");
  const put = (number: number, letter: string, more: Record<string, unknown> = {}, day = "2026-11-20") =>
    putCase(folder, `submission-${id(number).slice(0, 8)}`, { record: { case: id(number), ...more }, letter, day });

  it("holds them as they are while they are of a usual size: the longest letter of the form, and an answer to it", async () => {
    const letter = "я".repeat(200_000);
    await put(1, letter);
    await putCase(join(folder, "submission-00000001"), "follow-up-bbbbbbbb", {
      record: { case: "b".repeat(32) },
      letter: "ю".repeat(100_000),
      day: "2026-11-22",
    });
    const { cases, leftOut } = await indexed();
    expect(cases[0]?.letter).toBe(letter);
    expect(cases[0]?.followUps[0]?.letter).toHaveLength(100_000);
    expect(cases[0]).not.toHaveProperty("shortened");
    expect(leftOut).toMatchObject({ shortened: 0, omitted: 0 });
  });

  it.each<[string, Readonly<Record<string, unknown>> & { readonly letter?: string }]>([
    ["a letter", { letter: "A".repeat(4 * 1024 ** 2) }],
    ["a letter of characters that take six as JSON", { letter: "\u0001".repeat(1024 ** 2) }],
    ["a letter beyond what is read of it", { letter: "A".repeat(5 * 1024 ** 2) }],
    ["a letter of pairs of surrogates", { letter: "😀".repeat(1024 ** 2) }],
    ["a label", { choices: { q: { question: "q", chosen: [{ label: "A".repeat(15 * 1024 ** 2) }] } } }],
    ["a question", { choices: { q: { question: "A".repeat(1024 ** 2), chosen: [{ label: "x" }] } } }],
    [
      "a thousand questions",
      {
        choices: Object.fromEntries(
          Array.from({ length: 1_000 }, (_, index) => [`q${index}`, { question: "q".repeat(1_000), chosen: [] }]),
        ),
      },
    ],
  ])("holds a part of a case with too long %s, and says so", async (_what, { letter = "x", ...more }) => {
    await put(1, letter, more);
    await put(2, "письмо");
    const { cases, leftOut } = await indexed();
    const [first, second] = [1, 2].map((number) => cases.find((each) => each.id === id(number)));
    expect(first?.shortened).toBe(true);
    expect(JSON.stringify(first).length).toBeLessThan(CAP + 1_000);
    expect(first?.letter).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    if (letter !== "x") {
      expect(first?.letter).toMatch(/ \[…\]$/);
      expect(first?.letter.length).toBeGreaterThan(50_000);
    }
    expect(second).toMatchObject({ letter: "письмо" });
    expect(second).not.toHaveProperty("shortened");
    expect(leftOut).toMatchObject({ shortened: 1, omitted: 0 });
  });

  it("holds a part of a case with too many documents or follow-ups", async () => {
    const files = Array.from({ length: 300 }, (_, index) => ({ name: `${index}`, contents: Buffer.from("x") }));
    await putCase(folder, "submission-00000001", { record: { case: id(1) }, letter: "x", day: "2026-11-20", files });
    for (let number = 0; number < 110; number += 1) {
      const record = { case: number.toString(16).padStart(32, "0") };
      await putCase(join(folder, "submission-00000001"), `follow-up-${number}`, { record, letter: "y", day: "" });
    }
    const [one] = (await indexed()).cases;
    expect([one?.documents.length, one?.followUps.length, one?.shortened]).toEqual([250, 100, true]);
  });

  it.each([0, -1, 1])("shortens the large ones first, until all fit: %i characters around the limit", async (more) => {
    for (let number = 1; number <= 20; number += 1) await put(number, "письмо ".repeat(10));
    for (let number = 21; number <= 40; number += 1) await put(number, "A".repeat(50_000));
    const whole = (await indexed()).cases;
    const all = whole.reduce((sum, each) => sum + JSON.stringify(each).length, 0);
    const same = await indexed({ cases: 100, chars: all + more, caseChars: CAP });
    expect(same.leftOut).toMatchObject({ shortened: more < 0 ? 20 : 0, omitted: 0 });
    const half = await indexed({ cases: 100, chars: all / 2, caseChars: CAP });
    expect(half.leftOut).toMatchObject({ shortened: 20, omitted: 0 });
    expect(half.portions.join("").length).toBeLessThan(all / 2 + 40 * 500);
    for (const one of half.cases) {
      if (Number.parseInt(one.id.slice(0, 8), 16) <= 20) expect(one.letter).toBe("письмо ".repeat(10));
      else expect(one.letter.length).toBeGreaterThan(15_000);
    }
  });

  it("has the newest hundred and their notes before its script, and the others after it", async () => {
    for (let number = 1; number <= 120; number += 1)
      await put(number, "x", {}, number > 20 ? "2026-11-20" : "2026-11-01");
    await writeCaseNote(folder, id(120), { note: "из новых" });
    await writeCaseNote(folder, id(1), { note: "из старых" });
    const { portions } = await indexed();
    expect(portions.map((text) => JSON.parse(text).length)).toEqual([100, 20]);
    const page = await readFile(join(folder, "index.html"), "utf8");
    const places = ["из новых", "<script>/* Postern", 'id="reading-pdf"', portions[1] ?? "", "из старых"].map((text) =>
      page.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(page).toContain('id="newest">{"total":120,');
  });

  it("leaves out the oldest beyond a number, and says how many", async () => {
    for (let number = 1; number <= 5; number += 1) await put(number, "x", {}, `2026-11-0${number}`);
    const { cases, leftOut } = await indexed({ cases: 3, chars: 1e6, caseChars: CAP });
    expect(cases.map(({ day }) => day)).toEqual(["2026-11-05", "2026-11-04", "2026-11-03"]);
    expect(leftOut).toMatchObject({ shortened: 0, omitted: 2 });
  });

  it("puts its data into elements of some megabyte each", async () => {
    for (let number = 1; number <= 30; number += 1) await put(number, "A".repeat(100_000));
    const { portions, cases } = await indexed();
    expect(cases).toHaveLength(30);
    expect(portions.length).toBeGreaterThan(2);
    for (const text of portions) expect(text.length).toBeLessThan(1024 ** 2 + 200_000);
  });

  it.each([
    [[], 10, 10],
    [[5], 10, 5],
    [[5, 5], 10, 5],
    [[5, 6], 10, 5],
    [[1, 1, 1, 100], 10, 7],
    [[1, 50, 50, 1], 10, 4],
    [[10, 10, 10], 10, 3],
  ])("gives cases of %j characters a fair share of %i: %i", (sizes, total, share) => {
    expect(fairShare(sizes, total)).toBe(share);
    expect(sizes.reduce((sum, size) => sum + Math.min(size, share), 0)).toBeLessThanOrEqual(total);
  });
});
