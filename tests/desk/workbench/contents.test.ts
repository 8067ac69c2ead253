import { appendFile, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PackedCase, PortionAnswer } from "../../../src/cases/index.js";
import { openCaseNotes, writeCaseNote } from "../../../src/desk/case-notes.js";
import { type IndexLimits, writeCaseIndex } from "../../../src/desk/html/index.js";
import { CaseFolders } from "../../../src/desk/workbench/case-folders.js";
import { Contents } from "../../../src/desk/workbench/contents.js";
import { KeptCases } from "../../../src/desk/workbench/kept-cases.js";
import { Reading } from "../../../src/desk/workbench/reading.js";
import { makeCases, putCase } from "../../support/cases.js";
import { removeFolder } from "../../support/temporary.js";

const LIMITS: IndexLimits = { cases: 10_000, chars: 32 * 1024 ** 2, caseChars: 512 * 1024 };
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-contents-"));
});
afterEach(() => removeFolder(root));

const openContents = async (limits = LIMITS) => new Contents(root, await openCaseNotes(root), limits);

async function portion(of: Contents, reading: string, at: number, known = ""): Promise<PortionAnswer> {
  const json = await of.portion({ reading, at, known });
  return json === null ? null : (JSON.parse(json.toString()) as PortionAnswer);
}

/** All portions, as a page asks for them. */
async function readAll(of: Contents, known = "") {
  const portions: NonNullable<PortionAnswer>[] = [];
  let reading = "";
  for (let at = 0; portions.at(-1)?.rest.end == null; at += 1) {
    const answer = await portion(of, reading, at, known);
    if (answer === null) throw new Error("it began again");
    portions.push(answer);
    reading = answer.rest.reading;
  }
  return { portions, cases: portions.flatMap(({ cases }) => cases), reading, end: portions.at(-1)?.rest.end };
}

const whole = (cases: readonly (PackedCase | string)[]) => cases.filter((each) => typeof each !== "string");
const one = (letter: string, digit: string, name = `submission-${digit.repeat(8)}`) =>
  putCase(root, name, { record: { case: digit.repeat(32) }, letter, day: "2026-11-23" });

describe("portions of the cases", () => {
  it("are all cases, newest first, the first hundred before the others are read", async () => {
    const names = await makeCases(root, 730);
    const kept = new KeptCases(root, await openCaseNotes(root), LIMITS.chars);
    const reading = new Reading(new CaseFolders(root), kept, LIMITS);
    let over = false;
    void reading.done.then(() => {
      over = true;
    });
    expect((await reading.portion("", 0))?.cases).toHaveLength(100);
    expect(over).toBe(false);

    const { portions, cases } = await readAll(await openContents());
    expect(portions.length).toBeGreaterThan(2);
    expect(portions.map(({ rest }) => rest.total)).toEqual(portions.map(() => names.length));
    const days = whole(cases).map(({ day }) => day);
    expect(days).toEqual([...days].sort().reverse());
    expect(whole(cases).map(({ folder }) => folder)).toHaveLength(names.length);
    expect(new Set(whole(cases).map(({ folder }) => folder))).toEqual(new Set(names));
  });

  it("begin with the newest of index.html before all folders are looked at", async () => {
    await makeCases(root, 130);
    const before = (await readAll(await openContents())).cases;
    await writeCaseIndex(root);
    const kept = new KeptCases(root, await openCaseNotes(root), LIMITS.chars);
    const reading = new Reading(new CaseFolders(root), kept, LIMITS);
    expect((await reading.portion("", 0))?.cases).toHaveLength(100);
    expect(reading.state).toBe("");
    reading.hurry();
    await reading.done;
    expect(reading.state).not.toBe("");
    expect((await readAll(await openContents())).cases).toEqual(before);
  });

  it("begin again if the newest of index.html prove to be others", async () => {
    await makeCases(root, 130);
    await writeCaseIndex(root);
    await one("пришло позже", "e");
    const kept = new KeptCases(root, await openCaseNotes(root), LIMITS.chars);
    const reading = new Reading(new CaseFolders(root), kept, LIMITS);
    await reading.portion("", 0);
    const { id } = reading;
    expect(await reading.portion(id, 1)).toBeNull();
    await reading.done;
    await rm(join(root, "index.html"));
    const { cases } = await readAll(await openContents());
    expect(reading.whole?.cases.map(({ folder }) => folder)).toEqual(whole(cases).map(({ folder }) => folder));
    expect(cases).toHaveLength(131);
  });

  it("are the same whatever stands in index.html", async () => {
    await makeCases(root, 110);
    const before = (await readAll(await openContents())).cases;
    for (const text of ["", "null", '[{"folder":"../x"}]', "[1", "{}]</script>\n".repeat(9)]) {
      const start = '<script type="application/json" class="cases">[';
      await writeFile(join(root, "index.html"), `${start}${text}]</script>\n`);
      expect((await readAll(await openContents())).cases).toEqual(before);
    }
  });

  it("hold each note once: with its case, or with the last one if there is no such case", async () => {
    await makeCases(root, 120);
    const logs = await openCaseNotes(root);
    const ids = ["00000001", "00000078", "f00f00f0"].map((start) => start.padEnd(32, "0"));
    const changes = ids.map((id) => ({ case: id, set: { note: id } }));
    await logs.write(() => changes, "Анна", new Date());
    const { portions } = await readAll(new Contents(root, logs, LIMITS));
    const notes = portions.flatMap(({ rest }) => rest.notes.map((event) => event.case));
    expect([...notes].sort()).toEqual([...ids].sort());
    for (const { cases, rest } of portions.slice(0, -1)) {
      const shown = new Set(whole(cases).map(({ id }) => id));
      expect(rest.notes.every((event) => shown.has(event.case))).toBe(true);
    }
  });

  it("of cases that are too large together begin again, shortened, and an earlier one has no more", async () => {
    await makeCases(root, 200);
    await one("Ж".repeat(200_000), "e");
    await one("Ы".repeat(200_000), "f");
    const contents = await openContents({ ...LIMITS, chars: 400_000 });
    const { reading, cases, end } = await readAll(contents);
    expect([cases.length, end?.shortened]).toEqual([202, 2]);
    expect(JSON.stringify(cases).length).toBeLessThan(420_000);
    expect(await portion(contents, "00000000-0000-4000-8000-000000000000", 1)).toBeNull();
    expect(await portion(contents, reading, 99)).toBeNull();
  });

  it("say how many cases there is no room for", async () => {
    await makeCases(root, 12);
    const { cases, end } = await readAll(await openContents({ ...LIMITS, cases: 5 }));
    expect([cases.length, end?.omitted]).toEqual([5, 7]);
  });

  it("cannot be had of a folder that is gone, and can once it is back", async () => {
    await one("Письмо", "a");
    const contents = await openContents();
    await rename(root, `${root}-away`);
    await expect(portion(contents, "", 0)).rejects.toThrow(/ENOENT/);
    await rename(`${root}-away`, root);
    expect((await readAll(contents)).cases).toHaveLength(1);
  });
});

describe("cases that a page has", () => {
  it("are named only after digests of their documents were kept beside them, and not once something was added", async () => {
    const scan = { name: "скан.bin", contents: new Uint8Array(300 * 1024).fill(7) };
    const parts = { record: { case: "a".repeat(32) }, letter: "x", day: "2026-11-23", files: [scan] };
    await putCase(root, "submission-aaaaaaaa", parts);
    const contents = await openContents();
    const { reading } = await readAll(contents);
    expect(await readdir(join(root, "submission-aaaaaaaa"))).toContain(".digests.json");
    await one("второе", "b");
    const { cases, reading: next } = await readAll(contents, reading);
    expect(cases.map((each) => typeof each)).toEqual(["string", "object"]);
    await one("дополнение", "d", "submission-aaaaaaaa/follow-up-dddddddd");
    await one("третье", "c");
    const [changed] = whole((await readAll(contents, next)).cases);
    expect(changed?.followUps).toHaveLength(1);
  });

  it("are named only, and whatever has changed comes whole", async () => {
    await one("первое", "a");
    await one("второе", "b");
    const contents = await openContents();
    const { reading } = await readAll(contents);
    await appendFile(join(root, "submission-bbbbbbbb", "letter.txt"), " дополнено");
    await one("третье", "c");
    const { cases } = await readAll(contents, reading);
    expect(cases.filter((each) => typeof each === "string")).toEqual(["submission-aaaaaaaa"]);
    expect(whole(cases).map(({ letter }) => letter)).toEqual(["второе дополнено", "третье"]);
  });

  it("are named to a page of the reading itself, and come whole to any other", async () => {
    await one("первое", "a");
    const contents = await openContents();
    const { reading } = await readAll(contents);
    expect((await readAll(contents, reading)).cases).toEqual(["submission-aaaaaaaa"]);
    expect(whole((await readAll(contents, "x")).cases)).toHaveLength(1);
  });

  it("come whole if their status in the logs is another one, or if something was added to them", async () => {
    await one("первое", "a");
    await one("второе", "b");
    await one("дополнение", "d", "submission-bbbbbbbb/follow-up-dddddddd");
    const contents = await openContents();
    const { reading } = await readAll(contents);
    await writeCaseNote(root, "a".repeat(32), { status: "answered" });
    await writeFile(join(root, "submission-bbbbbbbb", "follow-up-dddddddd", "letter.txt"), "другое");
    await one("третье", "c");
    const changed = whole((await readAll(contents, reading)).cases);
    expect(changed.map(({ id, status }) => [id[0], status])).toEqual([
      ["a", "answered"],
      ["b", "new"],
      ["c", "new"],
    ]);
    expect(changed[1]?.followUps[0]?.letter).toBe("другое");
  });
});
