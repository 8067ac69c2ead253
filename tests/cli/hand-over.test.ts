import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putCase } from "../support/cases.js";
import { postern } from "../support/command.js";
import { GnuPg, run as runProgram } from "../support/gpg.js";
import { removeFolder } from "../support/temporary.js";

const KEY = `${"c".repeat(51)}q`;
const MAILBOX = "p5lzcnetnaoldhx6x7jbsys7qboynoz4";
const CASE = "submission-aaaaaaaa";

let lawyer: GnuPg;
let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (...words: readonly string[]) => postern(words, { cwd });
const handOver = (...words: readonly string[]) => run("case", "hand-over", CASE, "--to", "lawyer.asc", ...words);

beforeAll(async () => {
  lawyer = await GnuPg.create();
  cwd = await mkdtemp(join(tmpdir(), "postern-hand-over-"));
  await writeFile(inside("lawyer.asc"), await lawyer.exportPublic(await lawyer.generate("curve25519")));
  const answers = { prisoner: "Иванов Пётр", place: "ИК-6", contact: "сестра, +7 900 000-00-00" };
  await putCase(inside("cases"), CASE, {
    record: { case: "a".repeat(32), answers, reply: { mailbox: MAILBOX, key: KEY } },
    letter: "Письмо\n\nО ком письмо\nИванов Пётр\n\nСвязь\nсестра, +7 900 000-00-00\n",
    day: "2026-11-20",
    files: [
      { name: "приговор.pdf", contents: Buffer.from("%PDF-1.4 приговор") },
      { name: "сестра Анна.jpg", contents: Buffer.from("photograph") },
    ],
  });
  await putCase(inside("cases", CASE), "follow-up-bbbbbbbb", {
    record: { case: "b".repeat(32), answers: { message: "Суд завтра" }, reply: { mailbox: MAILBOX, key: KEY } },
    letter: "Письмо\n\nСуд завтра\n",
    day: "2026-11-21",
  });
  await symlink("/etc/passwd", inside("cases", CASE, "files/03-link"));
});
afterAll(async () => {
  await lawyer.close();
  await removeFolder(cwd);
});

describe("postern case hand-over", () => {
  it("lists the parts of a case until some are chosen", async () => {
    const { code, stdout } = await run("case", "hand-over", CASE);
    const names = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  ")[0]);
    expect([code, names]).toEqual([
      0,
      [
        "letter",
        "prisoner",
        "place",
        "contact",
        "files/01-приговор.pdf",
        "files/02-сестра_Анна.jpg",
        "follow-up-bbbbbbbb/letter",
        "follow-up-bbbbbbbb/message",
      ],
    ]);
  });

  it("gives a lawyer the chosen parts and no others, which gpg, tar and sha256sum alone open and verify", async () => {
    const parts = ["prisoner", "files/01-приговор.pdf", "follow-up-bbbbbbbb/message"];
    const { code, stdout, stderr } = await handOver("--parts", ...parts, "--by", "Анна");
    expect([code, stderr]).toEqual([0, expect.stringContaining("3 parts for ")]);
    const path = stdout.trimEnd().split("\n").at(-1) ?? "";
    const archive = await lawyer.decrypt(await readFile(inside(path)));
    for (const secret of [KEY, MAILBOX, "+7 900", "сестра", "Анна", "photograph", "root:"]) {
      expect(archive.includes(secret)).toBe(false);
    }
    await mkdir(inside("got"));
    expect((await runProgram("tar", ["-x", "-C", inside("got")], { input: archive })).code).toBe(0);
    const root = inside("got/hand-over-aaaaaaaa");
    const checked = await runProgram("sha256sum", ["--strict", "--check", "MANIFEST.txt"], { cwd: root });
    expect(checked.code).toBe(0);
    expect(checked.stdout.toString().trimEnd().split("\n")).toHaveLength(4);
    expect(await readFile(join(root, "answers/prisoner.txt"), "utf8")).toContain("Иванов Пётр");
    expect(await readFile(join(root, "follow-up-bbbbbbbb/answers/message.txt"), "utf8")).toContain("Суд завтра");
    expect(await readFile(join(root, "files/01-приговор.pdf"), "utf8")).toBe("%PDF-1.4 приговор");
    expect(await readdir(join(root, "files"))).toEqual(["01-приговор.pdf"]);
    const leftOut = await readFile(join(root, "LEFT-OUT.txt"), "utf8");
    expect(leftOut.split("\n").map((line) => line.split("  ")[0])).toEqual([
      "letter",
      "place",
      "contact",
      "files/02",
      "follow-up-bbbbbbbb/letter",
      "always",
      "",
    ]);
    const digest = createHash("sha256").update("%PDF-1.4 приговор").digest("hex");
    expect(stdout).toContain(`${digest}  files/01-приговор.pdf\n`);
    const listed = JSON.parse((await run("case", "list", "--json")).stdout);
    expect(JSON.stringify(listed)).toContain(digest);
  });

  it.each([
    ["a part that is not there", ["--parts", "nothing"], "no part nothing"],
    ["a path", ["--parts", "../../lawyer.asc"], "no part"],
    ["a record", ["--parts", "submission.json"], "no part"],
    ["a link among the documents", ["--parts", "files/03-link"], "no part"],
  ])("is refused for %s", async (_what, words, said) => {
    const { code, stderr } = await handOver(...words, "--into", "elsewhere");
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
  });

  it("encrypts to nothing but a certificate", async () => {
    await writeFile(inside("text.asc"), "lawyer");
    const words = ["case", "hand-over", CASE, "--parts", "letter", "--to"];
    for (const file of ["text.asc", "nowhere.asc"]) {
      expect((await run(...words, file)).stderr).toContain("no certificate to encrypt to");
    }
  });

  it("overwrites nothing", async () => {
    await mkdir(inside("twice"));
    expect((await handOver("--parts", "place", "--into", "twice")).code).toBe(0);
    expect((await handOver("--parts", "place", "--into", "twice")).stderr).toContain("exists already");
  });
});
