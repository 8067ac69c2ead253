import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDeletionList } from "../../src/core/index.js";
import { eraseFolder, writeCaseNote } from "../../src/desk/index.js";
import { openFileStore } from "../../src/store/index.js";
import { makeSubmissions } from "../support/cases.js";
import { postern } from "../support/command.js";
import { recipientOf } from "../support/keys.js";
import { program } from "../support/program.js";
import { removeFolder } from "../support/temporary.js";

const MAIN = await program();

let cwd: string;
let names: string[];
let key: string[];
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (...words: readonly string[]) => postern(words, { cwd });
/** Files below the cases that hold `words`. */
const holding = (words: string) => {
  try {
    return execFileSync("grep", ["-rlF", "--", words, "cases"], { cwd, encoding: "utf8" }).trim().split("\n");
  } catch {
    return [];
  }
};
const idOf = async (name: string) =>
  String((JSON.parse(await readFile(inside("cases", name, "submission.json"), "utf8")) as { case: string }).case);
const letterOf = async (name: string) =>
  (await readFile(inside("cases", name, "letter.txt"), "utf8")).split("\n")[3]?.slice(20, 90) ?? "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-case-delete-"));
  await writeFile(inside("passphrase"), "correct horse battery\n");
  await run("keys", "new", "--name", "Staff", "--passphrase-file", "passphrase");
  const [certificate = ""] = await readdir(inside("keys"));
  await mkdir(inside("made"));
  const armored = await readFile(inside("keys", certificate), "utf8");
  await makeSubmissions(inside("made"), 4, await recipientOf({ certificate: armored }));
  const store = await openFileStore(inside("data"));
  for (const name of await readdir(inside("made"))) {
    await store.put(new Blob([await readFile(inside("made", name))]).stream());
  }
  const secret = (await readdir(inside("postern-secret"))).find((name) => name.endsWith("-secret.asc")) ?? "";
  key = ["--key", join("postern-secret", secret), "--passphrase-file", "passphrase"];
  expect((await run("open", "data/submissions", ...key)).code).toBe(0);
  names = (await readdir(inside("cases"))).filter((name) => name.startsWith("submission-")).sort();
});
afterAll(() => removeFolder(cwd));

describe("postern case delete", () => {
  it("leaves nothing that anybody wrote, asks the server, and keeps the case from being opened again", async () => {
    const [gone = "", kept = ""] = names;
    const [words, others] = [await letterOf(gone), await letterOf(kept)];
    expect(words.length).toBeGreaterThan(40);
    const [addNote, by] = ["подзвонити-7391 сестрі", "Ізольда-7391"];
    await writeCaseNote(inside("cases"), await idOf(gone), { status: "waiting", addNote, by });
    await writeCaseNote(inside("cases"), await idOf(kept), { addNote: "чекаємо-8264", by: "Ізольда-8264" });
    const old = {
      [await idOf(gone)]: { status: "new", note: "секрет-7391" },
      [await idOf(kept)]: { status: "new", note: "x" },
    };
    const file = { format: "postern-case-notes", version: 1, cases: old };
    await writeFile(inside("cases/case-notes-in-log-9.json"), JSON.stringify(file));
    const id = await idOf(gone);

    const done = await run("case", "delete", gone, "--yes");
    expect([done.code, done.stderr.includes("what a disk may keep")]).toEqual([0, true]);
    for (const each of [words, "подзвонити-7391", "Ізольда-7391", "секрет-7391"]) expect(holding(each)).toEqual([]);
    for (const each of [others, "чекаємо-8264", "Ізольда-8264"]) expect(holding(each)).not.toEqual([]);
    expect(await readdir(inside("cases"))).not.toContain(gone);
    expect((await run("case", "list")).stdout).toMatch(/submission-/);

    const [asked, ...more] = readDeletionList(await readFile(inside("outbox/deletions.json"), "utf8"));
    expect(more).toEqual([]);
    expect(done.stdout).toContain(`${asked?.id}  ${asked?.sha256}\n`);
    const tombstone = JSON.parse(await readFile(inside(`cases/deleted/${id}.json`), "utf8")) as object;
    expect(Object.keys(tombstone).sort()).toEqual(["case", "day", "format", "submissions", "version"]);

    const again = await run("open", "data/submissions", ...key);
    expect([again.code, again.stdout.match(/\(deleted\)$/gm)]).toEqual([0, ["(deleted)"]]);
    expect(await readdir(inside("cases"))).not.toContain(gone);

    const look = await run("outbox", "import", "outbox");
    expect([look.code, look.stdout.includes(`${asked?.id}\n`)]).toEqual([1, true]);
    expect(await readdir(inside("data/submissions"))).toHaveLength(4);
    const imported = await run("outbox", "import", "outbox", "--delete");
    expect([imported.code, imported.stdout.includes("1 deleted\n")]).toEqual([0, true]);
    expect(await readdir(inside("data/submissions"))).toHaveLength(3);
    expect((await run("audit", "verify")).code).toBe(0);
  });

  it("goes on where it was killed, and so does postern open", async () => {
    const [, , third = "", fourth = ""] = names;
    for (const [name, command] of [
      [third, ["case", "delete", third, "--yes"]],
      [fourth, ["open", "data/submissions", ...key]],
    ] as const) {
      const [id, words] = [await idOf(name), await letterOf(name)];
      const source = JSON.parse(await readFile(inside("cases", name, "source.json"), "utf8")) as { sha256: string };
      const submissions = [{ id: null, sha256: source.sha256 }];
      const record = { format: "postern-deleted-case", version: 1, case: id, day: "2026-11-26", submissions };
      await mkdir(inside("cases/deleted"), { recursive: true });
      await writeFile(inside(`cases/deleted/${id}.json`), JSON.stringify(record));
      execFileSync("mv", [inside("cases", name), inside("cases", `.deleting-${id}-${name}`)]);
      expect((await run(...command)).code).toBe(0);
      expect(holding(words)).toEqual([]);
    }
  });

  it("deletes nothing unless the digits are typed", async () => {
    const [, kept = ""] = names;
    const type = (words: string) =>
      execFileSync(process.execPath, [MAIN, "case", "delete", kept], { cwd, input: words, stdio: "pipe" });
    for (const typed of ["", "yes\n", "submission\n"]) expect(() => type(typed)).toThrow(/nothing was deleted/);
    expect(await readdir(inside("cases"))).toContain(kept);
    expect((await run("case", "delete", "submission-00000000", "--yes")).stderr).toContain("there is no case");
    type(`${kept.slice("submission-".length)}\n`);
    expect(await readdir(inside("cases"))).not.toContain(kept);
  });
});

describe("erasing a folder", () => {
  it("follows no link out of it", async () => {
    await mkdir(inside("erased"));
    await writeFile(inside("precious"), "precious");
    execFileSync("ln", ["-s", "../precious", "erased/link"], { cwd });
    execFileSync("ln", ["-s", "../keys", "erased/folder"], { cwd });
    await writeFile(inside("erased/file"), "x".repeat(3_000_000));
    await eraseFolder(inside("erased"));
    expect(await readdir(cwd)).not.toContain("erased");
    expect(await readFile(inside("precious"), "utf8")).toBe("precious");
    expect(await readdir(inside("keys"))).toHaveLength(1);
  });
});
