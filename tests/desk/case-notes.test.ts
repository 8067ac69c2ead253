import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addCarriedNotes, deleteCase, NoteLogs, notesToCarry, writeCaseNote } from "../../src/desk/index.js";
import { putCase, readCaseNotes } from "../support/cases.js";
import { removeFolder } from "../support/temporary.js";

const [ONE, OTHER] = ["a".repeat(32), "b".repeat(32)];
let root: string;
const at = (...path: readonly string[]) => join(root, ...path);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-notes-"));
});
afterEach(() => removeFolder(root));

const desk = async (name: string) => {
  await writeCaseNote(at(name), OTHER, {}).catch(() => undefined);
  return at(name);
};
const logs = async (folder: string) => (await readdir(join(folder, "notes"))).filter((name) => name.endsWith(".jsonl"));

async function exchange(one: string, other: string): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const name of await logs(from)) await cp(join(from, "notes", name), join(to, "notes", name));
  }
}

describe("notes of two desks", () => {
  it("are the same after each has copied the other's log, and hold what both wrote", async () => {
    const [anna, boris] = [await desk("anna"), await desk("boris")];
    await writeCaseNote(anna, ONE, { status: "reading", note: "позвонить", by: "Анна" });
    await writeCaseNote(boris, ONE, { status: "answered", note: "написать", by: "Борис" });
    await exchange(anna, boris);
    await exchange(anna, boris);
    const notes = await readCaseNotes(anna);
    expect(await readCaseNotes(boris)).toEqual(notes);
    const { status, otherStatuses = [], note } = notes[ONE] ?? { status: "new", note: "" };
    expect([status, ...otherStatuses].sort()).toEqual(["answered", "reading"]);
    expect(note).toMatch(/Анна: позвонить/);
    expect(note).toMatch(/Борис: написать/);
    expect(await writeCaseNote(anna, ONE, { status: "closed", note: "готово" })).toEqual({
      status: "closed",
      note: "готово",
    });
    expect(await logs(anna)).toHaveLength(2);
  });

  it("go into two logs, even if one desk is a copy of the other's folder", async () => {
    const anna = await desk("anna");
    await writeCaseNote(anna, ONE, { note: "x" });
    await cp(anna, at("copy"), { recursive: true });
    await writeCaseNote(at("copy"), ONE, { note: "y" });
    expect(await logs(at("copy"))).toHaveLength(2);
    expect(await logs(anna)).toHaveLength(1);
  });
});

describe("the log of a desk", () => {
  it("keeps what was written before, and whole lines after a run that was killed", async () => {
    const folder = await desk("a");
    await writeCaseNote(folder, ONE, { note: "x" });
    const [name = ""] = await logs(folder);
    const before = await readFile(join(folder, "notes", name), "utf8");
    await appendFile(join(folder, "notes", name), `{"desk":"desk-`);
    await writeCaseNote(folder, ONE, { status: "closed" });
    expect(await readFile(join(folder, "notes", name), "utf8")).toContain(before);
    expect((await readCaseNotes(folder))[ONE]).toEqual({ status: "closed", note: "x" });
  });

  it.each(["{}", `{"desk":"x","clock":1}`, "[}", "null}"])("is named if a line is damaged: %s", async (line) => {
    const folder = await desk("a");
    await writeCaseNote(folder, ONE, { note: "x" });
    const [name = ""] = await logs(folder);
    await appendFile(join(folder, "notes", name), `${line}\n`);
    await expect(readCaseNotes(folder)).rejects.toMatchObject({ code: "damaged" });
    await expect(writeCaseNote(folder, ONE, { note: "y" })).rejects.toMatchObject({ code: "damaged" });
  });
});

describe("the log of a hostile colleague", () => {
  it("is left out where it is damaged, and named; what others wrote is there", async () => {
    const folder = await desk("a");
    await writeCaseNote(folder, ONE, { note: "x", status: "reading" });
    const evil = { desk: "desk-evil", clock: 2 ** 53, at: "", by: "", case: ONE, replaces: [], set: { note: "z" } };
    const enormous = `{"desk":"${"x".repeat(3 * 1024 ** 2)}"}`;
    const good = JSON.stringify({ ...evil, clock: 7, set: { note: "<b>\u202e" } });
    const lines = [JSON.stringify(evil), enormous, "[}", good, enormous];
    await writeFile(join(folder, "notes", "evil.jsonl"), lines.join("\n"));
    await mkdir(join(folder, "notes", "folder.jsonl"));
    await symlink("/dev/zero", join(folder, "notes", "endless.jsonl"));
    const { book, damaged } = await NoteLogs.open(folder);
    expect(damaged).toEqual([{ file: "evil.jsonl", lines: [1, 2, 3, 5] }]);
    expect(book.notes(ONE).map(({ text }) => text)).toEqual(["x", "<b>\u202e"]);
    expect(await writeCaseNote(folder, ONE, { status: "closed" })).toMatchObject({ status: "closed" });
  });

  it("that leaves no larger clock is named, and nothing is written over it", async () => {
    const folder = await desk("a");
    const evil = { desk: "desk-evil", clock: 2 ** 40, at: "", by: "", case: ONE, replaces: [], set: { note: "z" } };
    await writeFile(join(folder, "notes", "evil.jsonl"), `${JSON.stringify(evil)}\n`);
    await expect(writeCaseNote(folder, ONE, { note: "y" })).rejects.toMatchObject({ code: "full" });
    await rm(join(folder, "notes", "evil.jsonl"));
    expect(await writeCaseNote(folder, ONE, { note: "y" })).toMatchObject({ note: "y" });
  });
});

describe("logs that are open", () => {
  it("name a line of their own that was damaged after many, by its number", async () => {
    const folder = await desk("a");
    const logs = await NoteLogs.open(folder);
    for (const note of ["a", "b", "c"]) await logs.write(() => [{ case: ONE, set: { note } }], "", new Date());
    const [name = ""] = (await readdir(join(folder, "notes"))).filter((each) => each.endsWith(".jsonl"));
    await logs.refresh();
    await appendFile(join(folder, "notes", name), "[}\n");
    await expect(logs.refresh()).rejects.toThrow(`${name}:4 is damaged`);
  });

  it("read a line once its end has come, and nothing twice", async () => {
    const folder = await desk("a");
    const logs = await NoteLogs.open(folder);
    await logs.write(() => [{ case: ONE, set: { note: "a" } }], "", new Date());
    const [name = ""] = (await readdir(join(folder, "notes"))).filter((each) => each.endsWith(".jsonl"));
    const path = join(folder, "notes", name);
    const next = (await readFile(path, "utf8")).replace('"clock":1', '"clock":2').replace('"note":"a"', '"note":"ёж"');
    const bytes = Buffer.from(next);
    for (const part of [bytes.subarray(0, -5), bytes.subarray(-5)]) {
      await appendFile(path, part);
      await logs.refresh();
    }
    expect(logs.book.notes(ONE).map(({ text }) => text)).toEqual(["a", "ёж"]);
  });

  it("take what is laid beside them, and what another process wrote in the same log", async () => {
    const folder = await desk("a");
    const logs = await NoteLogs.open(folder);
    await writeCaseNote(folder, ONE, { status: "reading" });
    const [other] = await logs.write(() => [{ case: OTHER, set: { spam: true } }], "Анна", new Date());
    expect(other).toMatchObject({ clock: 2, by: "Анна" });
    expect(logs.book.of(ONE)?.status).toBe("reading");
    expect((await readCaseNotes(folder))[OTHER]).toMatchObject({ spam: true });
  });

  it("number what is written at once one after the other", async () => {
    const logs = await NoteLogs.open(await desk("a"));
    const write = (note: string) => logs.write(() => [{ case: ONE, set: { note } }], "", new Date());
    const events = (await Promise.all(["a", "b", "c", "d"].map(write))).flat();
    expect(events.map(({ clock }) => clock)).toEqual([1, 2, 3, 4]);
    expect(logs.book.notes(ONE)).toHaveLength(4);
  });
});

describe("notes of a deleted case", () => {
  const line = (clock: number, id: string, note: string) =>
    `${JSON.stringify({ desk: "desk-b", clock, at: "2026-11-20T10:00:00.000Z", by: "Борис", case: id, replaces: [], set: { note } })}\n`;

  it("are gone from logs that are open, whose clock goes on", async () => {
    const logs = await NoteLogs.open(await desk("a"));
    const write = (id: string) => logs.write(() => [{ case: id, set: { note: "тайна" } }], "", new Date());
    await write(OTHER);
    await write(ONE);
    await deleteCase(at("a"), { caseId: ONE, folder: null, submissions: [] }, at("outbox"));
    await logs.refresh();
    expect([logs.book.notes(ONE), logs.book.notes(OTHER).length]).toEqual([[], 1]);
    expect(JSON.stringify([...logs.book.all()])).not.toMatch(/тайна.*тайна/);
    expect(await write(OTHER)).toMatchObject([{ clock: 3 }]);
  });

  it("do not come back with another desk's log, neither copied nor carried", async () => {
    const folder = await desk("a");
    await writeCaseNote(folder, OTHER, { note: "x" });
    await deleteCase(folder, { caseId: ONE, folder: null, submissions: [] }, at("outbox"));
    const carried = line(3, ONE, "тайна") + line(4, OTHER, "остаётся");
    await addCarriedNotes(folder, new TextEncoder().encode(carried));
    await writeFile(join(folder, "notes", "desk-c.jsonl"), carried.replaceAll("desk-b", "desk-c"));
    const { book } = await NoteLogs.open(folder);
    expect([book.notes(ONE), book.notes(OTHER).length]).toEqual([[], 3]);
    for (const name of await logs(folder)) {
      expect(await readFile(join(folder, "notes", name), "utf8")).not.toContain("тайна");
    }
    expect(new TextDecoder().decode(await notesToCarry(folder))).not.toContain("тайна");
    // A second reading finds nothing to take out.
    const before = await readFile(join(folder, "notes", ".erased"), "utf8");
    await NoteLogs.open(folder);
    expect(await readFile(join(folder, "notes", ".erased"), "utf8")).toBe(before);
  });

  it("stay where another letter has the same id", async () => {
    const folder = await desk("a");
    await putCase(folder, "submission-aaaaaaaa-2", { record: { case: ONE }, letter: "x", day: "2026-11-20" });
    await deleteCase(folder, { caseId: ONE, folder: null, submissions: [] }, at("outbox"));
    await writeCaseNote(folder, ONE, { note: "о другом письме" });
    expect((await readCaseNotes(folder))[ONE]?.note).toContain("о другом письме");
  });
});

describe("the notes of an earlier version", () => {
  const old = { format: "postern-case-notes", version: 1, cases: { [ONE]: { status: "reading", note: "старая" } } };
  const write = (folder: string) => writeFile(join(folder, "case-notes.json"), JSON.stringify(old));

  it("are read, and go into the log at the first note", async () => {
    await write(root);
    expect((await readCaseNotes(root))[ONE]).toEqual({ status: "reading", note: "старая" });
    await writeCaseNote(root, OTHER, { status: "closed" });
    expect(await readCaseNotes(root)).toEqual({
      [ONE]: { status: "reading", note: "старая" },
      [OTHER]: { status: "closed", note: "" },
    });
    const names = await readdir(root);
    expect(names).not.toContain("case-notes.json");
    expect(names.some((name) => name.startsWith("case-notes-in-log-"))).toBe(true);
  });

  it("are there once, if a run was killed before it had given the file another name", async () => {
    await write(root);
    await writeCaseNote(root, OTHER, { status: "closed" });
    await write(root);
    await writeCaseNote(root, ONE, { status: "answered" });
    expect((await readCaseNotes(root))[ONE]).toEqual({ status: "answered", note: "старая" });
  });

  it("take the place of nothing that a desk has written since", async () => {
    await writeCaseNote(root, ONE, { status: "answered", note: "новая" });
    await write(root);
    const { note } = await writeCaseNote(root, OTHER, { status: "closed" }).then(
      async () => (await readCaseNotes(root))[ONE] ?? { note: "" },
    );
    expect(note).toContain("новая");
    expect(note).toContain("старая");
  });
});
