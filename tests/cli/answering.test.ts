import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openReply } from "../../src/openpgp/index.js";
import { streamOf } from "../support/bytes.js";
import { putCase } from "../support/cases.js";
import { postern } from "../support/command.js";
import { GnuPg, run as runProgram } from "../support/gpg.js";
import { removeFolder } from "../support/temporary.js";

const KEY = `${"c".repeat(51)}q`;
const address = (letter: string) => ({ mailbox: letter.repeat(32), key: KEY });

let gpg: GnuPg;
let certificate: string;
let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (...words: readonly string[]) => postern(words, { cwd });

beforeAll(async () => {
  gpg = await GnuPg.create();
  certificate = await gpg.exportPublic(await gpg.generate("curve25519", { name: "staff" }));
});
afterAll(() => gpg.close());

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-answering-"));
  await mkdir(inside("keys"));
  await writeFile(inside("keys/staff.asc"), certificate);
  const put = (letter: string, language: string, prisoner: string) =>
    putCase(inside("cases"), `submission-${letter.repeat(8)}`, {
      record: { case: letter.repeat(32), language, answers: { prisoner }, reply: address(letter) },
      letter: "Письмо\n",
      day: "2026-11-20",
    });
  await put("a", "ru", "Иванов Пётр");
  await put("b", "uk", "Ковальчук Олексій");
  await put("c", "ru", "Иванов, звоните 8 900 123-45-67");
  await mkdir(inside("cases/templates"));
  await writeFile(inside("cases/templates/lawyer.ru.txt"), "О деле {name} ({number}).\r\nОтвет от {date}\n");
  await writeFile(inside("cases/templates/lawyer.uk.txt"), "Про справу {name} ({number}).\n");
});
afterEach(() => removeFolder(cwd));

const folder = (letter: string) => `cases/submission-${letter.repeat(8)}`;
const textOf = async (letter: string) => {
  const file = await readFile(inside("outbox", `${letter.repeat(32)}-1.reply.gpg`));
  return (await openReply(streamOf(file), KEY)).text;
};

describe("postern reply", () => {
  it("answers several cases from a template, each in its language, and goes on after one that it cannot", async () => {
    const words = ["reply", folder("a"), folder("b"), folder("c"), "--template", "lawyer", "--by", "Ольга"];
    const { code, stdout, stderr } = await run(...words, "--out", "outbox");
    expect([code, stdout.trimEnd().split("\n").length]).toEqual([1, 2]);
    expect(stderr).toContain(`${folder("c")}: the name is not made of words alone`);
    expect(stderr).toContain("2 written, 1 failed\n");
    expect(await textOf("a")).toMatch(/^О деле Иванов Пётр \(aaaaaaaa\)\.\nОтвет от \d+ [а-я]+ \d{4} г\.\n$/);
    expect(await textOf("b")).toBe("Про справу Ковальчук Олексій (bbbbbbbb).\n");
    const statuses = (await run("case", "list")).stdout.trimEnd().split("\n");
    expect(statuses.filter((line) => line.includes("  answered  "))).toHaveLength(2);
    expect(statuses.find((line) => line.includes("submission-c"))).toContain("  new  ");
    const [log = ""] = (await readdir(inside("cases/notes"))).filter((name) => name.endsWith(".jsonl"));
    const events = await readFile(inside("cases/notes", log), "utf8");
    expect(events.match(/"by":"Ольга"/g)).toHaveLength(2);
    expect(events).not.toContain("О деле");
  });

  it("keeps the text beside the case, which gpg and tar alone open for staff, and nobody else", async () => {
    await writeFile(inside("answer.txt"), "Мы нашли адвоката.\n");
    await writeFile(inside("paper.pdf"), "%PDF");
    const words = ["reply", folder("a"), "--text", "answer.txt", "--attach", "paper.pdf", "--out", "outbox"];
    expect((await run(...words)).code).toBe(0);
    const [kept = "", ...more] = await readdir(inside(folder("a"), "sent"));
    expect([kept, more]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d-1\.tar\.gpg$/), []]);
    const sealed = await readFile(inside(folder("a"), "sent", kept));
    const { stdout } = await runProgram("tar", ["-xO", "reply/reply.txt", "reply/files/01-paper.pdf"], {
      input: await gpg.decrypt(sealed),
    });
    expect(stdout.toString()).toBe("Мы нашли адвоката.\n%PDF");
    expect((await run(...words)).code).toBe(0);
    expect(await readdir(inside(folder("a"), "sent"))).toHaveLength(2);
  });

  it("shows what would be sent, and writes nothing", async () => {
    const before = await readdir(cwd);
    const { code, stdout } = await run("reply", folder("a"), folder("b"), "--template", "lawyer", "--preview");
    expect(code).toBe(0);
    expect(stdout).toContain("О деле Иванов Пётр (aaaaaaaa).");
    expect(stdout).toContain("Про справу Ковальчук Олексій (bbbbbbbb).");
    expect(await readdir(cwd)).toEqual(before);
    expect(await readdir(inside("cases"))).not.toContain("notes");
    expect(await readdir(inside(folder("a")))).not.toContain("sent");
  });

  it("writes no reply where staff can keep no copy", async () => {
    await writeFile(inside("answer.txt"), "x");
    await writeFile(inside(folder("a"), "sent"), "in the way");
    const refused = await run("reply", folder("a"), "--text", "answer.txt", "--out", "outbox");
    expect([refused.code, refused.stderr.includes("cannot be written to")]).toEqual([1, true]);
    expect(await readdir(cwd)).not.toContain("outbox");
    await rm(inside("keys"), { recursive: true });
    const without = await run("reply", folder("a"), "--text", "answer.txt", "--out", "outbox");
    expect(without).toMatchObject({ code: 0, stderr: expect.stringContaining("no copy of the text is kept") });
  });

  it("answers once where a follow-up of the same case is chosen as well", async () => {
    await putCase(inside(folder("a")), "follow-up-dddddddd", {
      record: { case: "d".repeat(32), language: "ru", reply: address("a"), followUp: true },
      letter: "x",
      day: "2026-11-21",
    });
    const both = [folder("a"), `${folder("a")}/follow-up-dddddddd`];
    const { code, stdout, stderr } = await run("reply", ...both, "--template", "lawyer", "--out", "outbox");
    expect([code, stdout.trimEnd().split("\n").length]).toEqual([0, 1]);
    expect(stderr).toContain("is left out");
  });

  it.each([
    ["no template of that name", ["--template", "nothing"], "no_template"],
    ["a path", ["--template", "../../etc/passwd"], "no_template"],
    ["a link", ["--template", "link"], "not_a_template"],
    ["a language without one", ["--template", "lawyer", "--language", "en"], "no_template"],
    ["an unknown field", ["--template", "field"], "unknown_field"],
  ])("is refused for %s", async (_what, words, code) => {
    await symlink("/etc/passwd", inside("cases/templates/link.ru.txt"));
    await writeFile(inside("cases/templates/field.ru.txt"), "{letter}");
    const refused = await run("reply", folder("a"), ...words, "--out", "outbox");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`${code}: `)]);
    expect(await readdir(cwd)).not.toContain("outbox");
  });

  it.each([[[]], [["--text", "a", "--template", "b"]]])("needs a text or a template: %j", async (words) => {
    expect((await run("reply", folder("a"), ...words)).code).toBe(2);
  });
});
