import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readReplyFileName, replyFileName } from "../../src/core/index.js";
import { writeReply } from "../../src/desk/index.js";
import { openReply } from "../../src/openpgp/index.js";
import { codeOf, expectSame, streamOf, utf8 } from "../support/bytes.js";
import { Random } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const ADDRESS = { mailbox: "p5lzcnetnaoldhx6x7jbsys7qboynoz4", key: `${"c".repeat(51)}q` };
const PDF = new Random("desk reply").bytes(200_000);

let folder: string;
const inside = (...path: readonly string[]) => join(folder, ...path);
const request = (more: object = {}) => ({
  caseFolder: inside("case"),
  text: inside("text"),
  attachments: [],
  out: inside("out"),
  ...more,
});

async function putRecord(members: object): Promise<void> {
  const record = { format: "postern-submission", version: 1, case: "0".repeat(32), ...members };
  await writeFile(inside("case/submission.json"), JSON.stringify(record));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-reply-"));
  await mkdir(inside("case"));
  await putRecord({ reply: ADDRESS });
  await writeFile(inside("text"), "Здравствуйте.\n");
  await writeFile(inside("доверенность.pdf"), PDF);
});
afterEach(() => removeFolder(folder));

describe("writing a reply", () => {
  it("encrypts text and documents to the case's submitter, for the owner only", async () => {
    const path = await writeReply(request({ attachments: [inside("доверенность.pdf")] }));
    expect(path).toBe(inside("out", `${ADDRESS.mailbox}-1.reply.gpg`));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(inside("out"))).toEqual([`${ADDRESS.mailbox}-1.reply.gpg`]);
    const { text, files } = await openReply(streamOf(await readFile(path)), ADDRESS.key);
    expect(text).toBe("Здравствуйте.\n");
    expect(files.map(({ name, type }) => [name, type])).toEqual([["доверенность.pdf", "application/octet-stream"]]);
    expectSame(files[0]?.content ?? new Uint8Array(0), PDF);
  });

  it("numbers the replies to one mailbox in one folder, and overwrites none", async () => {
    await mkdir(inside("out"));
    await writeFile(inside("out", `${"z".repeat(32)}-9.reply.gpg`), "another's");
    await writeFile(inside("out", `${ADDRESS.mailbox}-7.reply.gpg`), "an earlier one");
    expect(await writeReply(request())).toBe(inside("out", `${ADDRESS.mailbox}-8.reply.gpg`));
    expect(await writeReply(request())).toBe(inside("out", `${ADDRESS.mailbox}-9.reply.gpg`));
    expect(await readFile(inside("out", `${ADDRESS.mailbox}-7.reply.gpg`), "utf8")).toBe("an earlier one");
  });

  it("accepts a text with Windows line ends", async () => {
    await writeFile(inside("text"), "\ufeffone\r\ntwo\r\n");
    const path = await writeReply(request());
    expect((await openReply(streamOf(await readFile(path)), ADDRESS.key)).text).toBe("one\ntwo\n");
  });

  it.each([
    ["no address", "no_address", {}],
    ["a mailbox that is a path", "no_address", { reply: { ...ADDRESS, mailbox: "../".repeat(10) } }],
    ["a key that is no key", "no_address", { reply: { ...ADDRESS, key: "x" } }],
    ["another format", "not_a_case", { format: "postern-reply", reply: ADDRESS }],
  ])("is refused for a record with %s: %s", async (_, code, members) => {
    await putRecord(members);
    expect(await codeOf(() => writeReply(request()))).toBe(code);
    expect(await readdir(folder)).not.toContain("out");
  });

  it.each([
    ["a folder that is no case", "not_a_case", { caseFolder: tmpdir() }],
    ["a text that is not there", "unreadable", { text: "/nowhere/text" }],
    ["a text that is a folder", "unreadable", { text: tmpdir() }],
    ["a document that is not there", "unreadable", { attachments: ["/nowhere/a.pdf"] }],
    ["a document that is a folder", "unreadable", { attachments: [tmpdir()] }],
    ["a folder to write to that is none", "cannot_write", { out: "/dev/null" }],
  ])("is refused for %s: %s", async (_, code, more) => {
    expect(await codeOf(() => writeReply(request(more)))).toBe(code);
  });

  it.each([
    ["empty", ""],
    ["only white space", " \n\n"],
    ["not UTF-8", new Uint8Array([0xcf, 0xf0, 0xe8])],
  ])("is refused for a text that is %s", async (_, text) => {
    await writeFile(inside("text"), typeof text === "string" ? utf8(text) : text);
    expect(await codeOf(() => writeReply(request()))).toBe("not_text");
  });

  it("is refused for documents over 32 MiB together, and leaves nothing", async () => {
    await writeFile(inside("large"), new Uint8Array(20 * 1024 * 1024));
    const attachments = [inside("large"), inside("large")];
    expect(await codeOf(() => writeReply(request({ attachments })))).toBe("too_large");
    await writeFile(inside("large"), new Uint8Array(33 * 1024 * 1024));
    expect(await codeOf(() => writeReply(request({ attachments: [inside("large")] })))).toBe("too_large");
    expect(await readdir(folder)).not.toContain("out");
  });
});

describe("the name of a reply's file", () => {
  it("consists of mailbox and number", () => {
    expect(readReplyFileName(replyFileName(ADDRESS.mailbox, 12))).toEqual({ mailbox: ADDRESS.mailbox, number: 12 });
  });

  it.each([
    "",
    "reply.gpg",
    `${ADDRESS.mailbox}.reply.gpg`,
    `${ADDRESS.mailbox}-0.reply.gpg`,
    `${ADDRESS.mailbox}-1.gpg`,
    `${ADDRESS.mailbox}-1.reply.gpg\n`,
    `${ADDRESS.mailbox}-1 (copy).reply.gpg`,
    `x/${ADDRESS.mailbox}-1.reply.gpg`,
    `${ADDRESS.mailbox.toUpperCase()}-1.reply.gpg`,
  ])("is not %j", (name) => {
    expect(readReplyFileName(name)).toBeNull();
  });
});
