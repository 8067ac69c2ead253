import { cp, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putCase } from "../support/cases.js";
import { postern } from "../support/command.js";
import { removeFolder } from "../support/temporary.js";

const CASE = "submission-aaaaaaaa";
const SECRET = "ключі у сусідки";

let cwd: string;
let key: string[];
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (words: readonly string[], input?: string) => postern(words, { cwd, ...(input && { input }) });
const logsOf = async (cases: string) =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(inside(cases, "notes")))
        .filter((name) => name.endsWith(".jsonl"))
        .map(async (name) => [name, await readFile(inside(cases, "notes", name), "utf8")] as const),
    ),
  );

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-notes-"));
  await writeFile(inside("passphrase"), "correct horse battery\n");
  await run(["keys", "new", "--name", "Staff", "--passphrase-file", "passphrase"]);
  const secret = (await readdir(inside("postern-secret"))).find((name) => name.endsWith("-secret.asc")) ?? "";
  key = ["--key", join("postern-secret", secret), "--passphrase-file", "passphrase"];
  await putCase(inside("anna"), CASE, { record: { case: "a".repeat(32) }, letter: "Письмо", day: "2026-11-23" });
  await cp(inside("anna"), inside("borys"), { recursive: true });
  const note = ["case", "set", CASE, "--note", "--by"];
  expect((await run([...note, "Анна", "--out", "anna"], `${SECRET}\n`)).code).toBe(0);
  expect((await run([...note, "Борис", "--status", "waiting", "--out", "borys"], "подзвонити\n")).code).toBe(0);
});
afterAll(() => removeFolder(cwd));

describe("postern notes", () => {
  it("carries a desk's notes to another, encrypted, and any number of times", async () => {
    const exported = await run(["notes", "export", "anna", "--to", "keys", "--out", "anna.pgp"]);
    expect([exported.code, exported.stdout]).toEqual([0, "anna.pgp\n"]);
    expect((await readFile(inside("anna.pgp"))).includes(SECRET)).toBe(false);

    const imported = await run(["notes", "import", "anna.pgp", ...key, "--out", "borys"]);
    expect([imported.code, imported.stdout]).toEqual([0, "anna.pgp: 1 new lines\n"]);
    const [theirs, ours] = [await logsOf("anna"), await logsOf("borys")];
    expect(Object.keys(ours)).toHaveLength(2);
    expect(ours).toMatchObject(theirs);
    const again = await run(["notes", "import", "anna.pgp", ...key, "--out", "borys"]);
    expect([again.code, again.stdout]).toEqual([0, "anna.pgp: 0 new lines\n"]);
    expect(await logsOf("borys")).toEqual(ours);
    expect(await readFile(inside("borys/index.html"), "utf8")).toContain(SECRET);
  });

  it("writes over no file, and takes nothing of one that is damaged or for another key", async () => {
    expect((await run(["notes", "export", "anna", "--to", "keys", "--out", "once.pgp"])).code).toBe(0);
    const bytes = await readFile(inside("once.pgp"));
    expect((await run(["notes", "export", "anna", "--to", "keys", "--out", "once.pgp"])).code).toBe(1);
    expect(await readFile(inside("once.pgp"))).toEqual(bytes);

    const before = await logsOf("borys");
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(changed.length - 30) ^ 1, changed.length - 30);
    await writeFile(inside("changed.pgp"), changed);
    await writeFile(inside("text.pgp"), "anna: call again");
    const damaged = await run(["notes", "import", "changed.pgp", "text.pgp", ...key, "--out", "borys"]);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(/changed\.pgp: .*\n.*text\.pgp: /s);
    expect(await logsOf("borys")).toEqual(before);
  });

  it("is told by no argument what a note says", async () => {
    const refused = await run(["case", "set", CASE, "--out", "anna", "--note", SECRET]);
    expect(refused.code).toBe(2);
    expect(
      Object.values(await logsOf("anna"))
        .join("")
        .split(SECRET),
    ).toHaveLength(2);
  });
});
