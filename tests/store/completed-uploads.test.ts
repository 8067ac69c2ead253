import { appendFile, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CompletedUploads } from "../../src/store/completed-uploads.js";
import { FolderSync } from "../../src/store/folder-sync.js";
import { removeFolder } from "../support/temporary.js";

const FIRST = new Date("2026-03-01T00:00:00Z");
const SECOND = new Date("2026-03-02T00:00:00Z");
const id = (number: number) => number.toString(16).padStart(32, "0");
const note = (number: number) => ({ bytes: number, sha256: "a".repeat(64), blocks: "b".repeat(64) });

let folder: string;
const open = async () => CompletedUploads.open(folder, await readdir(folder), new FolderSync(folder));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-notes-"));
});
afterEach(() => removeFolder(folder));

describe("notes on completed uploads", () => {
  it("are all found, after many at once and after a restart", async () => {
    const notes = await open();
    await Promise.all(
      Array.from({ length: 300 }, (_, number) => notes.add(FIRST, { id: id(number), ...note(number) })),
    );
    await notes.add(SECOND, { id: id(300), ...note(300) });
    for (const one of [notes, await open()]) {
      for (const number of [0, 1, 150, 299])
        expect(await one.find(id(number))).toEqual({ stored: note(number), day: FIRST });
      expect(await one.find(id(300))).toEqual({ stored: note(300), day: SECOND });
      expect(await one.find(id(301))).toBeNull();
      expect(await one.find("__proto__")).toBeNull();
    }
    expect((await readdir(folder)).sort()).toEqual(["2026-03-01.stored", "2026-03-02.stored"]);
  });

  it("count as they were last written", async () => {
    const notes = await open();
    await notes.add(FIRST, { id: id(1), ...note(1) });
    await notes.add(FIRST, { id: id(1), ...note(2) });
    expect((await notes.find(id(1)))?.stored.bytes).toBe(2);
    await notes.add(SECOND, { id: id(1), ...note(3) });
    expect((await notes.find(id(1)))?.stored.bytes).toBe(3);
    expect((await (await open()).find(id(1)))?.stored.bytes).toBe(3);
  });

  it("survive a process killed in the middle of a line", async () => {
    await (await open()).add(FIRST, { id: id(1), ...note(1) });
    const path = join(folder, "2026-03-01.stored");
    const whole = await readFile(path, "utf8");
    for (let cut = 0; cut < 60; cut += 7) {
      await writeFile(path, whole);
      await appendFile(path, `{"id":"${id(2)}","bytes":2,"sha256":"aaaaaaaa`.slice(0, cut));
      const notes = await open();
      await notes.add(FIRST, { id: id(3), ...note(3) });
      for (const one of [notes, await open()]) {
        expect((await one.find(id(1)))?.stored).toEqual(note(1));
        expect(await one.find(id(2))).toBeNull();
        expect((await one.find(id(3)))?.stored).toEqual(note(3));
      }
    }
  });

  it("are removed with the file of their day", async () => {
    const notes = await open();
    await notes.add(FIRST, { id: id(1), ...note(1) });
    await notes.add(SECOND, { id: id(2), ...note(2) });
    await notes.remove("2026-03-01.stored");
    await notes.remove("something else");
    expect(await notes.find(id(1))).toBeNull();
    expect((await notes.find(id(2)))?.stored).toEqual(note(2));
    expect(await readdir(folder)).toEqual(["2026-03-02.stored"]);
  });
});
