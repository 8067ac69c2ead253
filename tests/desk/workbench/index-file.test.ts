import { rmSync } from "node:fs";
import { mkdtemp, readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCaseNotes, writeCaseNote } from "../../../src/desk/case-notes.js";
import { writeCaseIndex } from "../../../src/desk/html/index.js";
import { Contents } from "../../../src/desk/workbench/contents.js";
import { IndexFile } from "../../../src/desk/workbench/index-file.js";
import { poll } from "../../support/browsers.js";
import { makeCases, putCase } from "../../support/cases.js";
import { atLength } from "../../support/length.js";
import { removeFolder } from "../../support/temporary.js";

const ID = "a".repeat(32);
let root: string;
let page: string;
const faults: string[] = [];
const onFault = ({ message }: Error) => void faults.push(message);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-index-file-"));
  page = join(root, "index.html");
  faults.length = 0;
  await putCase(root, "submission-aaaaaaaa", { record: { case: ID }, letter: "Письмо Анны", day: "2026-11-23" });
});
afterEach(() => removeFolder(root));

const contents = async () => new Contents(root, await openCaseNotes(root));

describe("index.html beside a workbench", () => {
  it("is what the command writes, byte for byte, soon after a change", async () => {
    await makeCases(root, atLength(10, 120));
    const file = new IndexFile(await contents(), onFault, 20);
    await writeCaseNote(root, ID, { note: "позвонить", status: "reading" });
    await poll("the note", async () =>
      (await readFile(page, "utf8").catch(() => "")).includes("позвонить") ? true : null,
    );
    await file.end();
    const kept = await readFile(page);
    expect(await readFile(await writeCaseIndex(root))).toEqual(kept);
    expect((await readdir(root)).filter((name) => name.startsWith("."))).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("is whole whenever somebody reads it", async () => {
    const file = new IndexFile(await contents(), onFault, 1);
    await poll("the first one", () => stat(page).catch(() => null));
    for (let at = 0; at < 15; at += 1) {
      await writeCaseNote(root, ID, { note: `${at}` });
      expect((await readFile(page, "utf8")).endsWith("</html>\n")).toBe(true);
    }
    await file.end();
    expect(faults).toEqual([]);
  });

  it("is not written again while nothing changes", async () => {
    const file = new IndexFile(await contents(), onFault);
    await file.end();
    const { ino } = await stat(page);
    await file.end();
    expect((await stat(page)).ino).toBe(ino);
    await writeCaseNote(root, ID, { note: "x" });
    await file.end();
    expect((await stat(page)).ino).not.toBe(ino);
  });

  it("never holds a case that was deleted meanwhile", async () => {
    await makeCases(root, atLength(10, 60));
    const file = new IndexFile(await contents(), onFault);
    const written = file.end();
    rmSync(join(root, "submission-aaaaaaaa"), { recursive: true });
    await written;
    expect(await readFile(page, "utf8").catch(() => "")).not.toContain("Письмо Анны");
    await file.end();
    expect(await readFile(page, "utf8")).toContain("submission-00000001");
    expect(await readFile(page, "utf8")).not.toContain("Письмо Анны");
  });

  it("says once what keeps it from being written, and goes on", async () => {
    const fault = new Error("no space left");
    const states = [fault, fault, "state"];
    let written = 0;
    const file = new IndexFile(
      {
        indexState: async () => {
          const state = states.shift() ?? "state";
          if (state instanceof Error) throw state;
          return state;
        },
        writeIndex: async () => {
          written += 1;
          return true;
        },
      },
      onFault,
    );
    for (let at = 0; at < 4; at += 1) await file.end();
    expect(faults).toEqual(["no space left"]);
    expect(written).toBe(1);
  });
});
