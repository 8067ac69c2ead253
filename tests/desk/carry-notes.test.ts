import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addCarriedNotes, notesToCarry, writeCaseNote } from "../../src/desk/index.js";
import { readCaseNotes } from "../support/cases.js";
import { removeFolder } from "../support/temporary.js";

const [ONE, OTHER] = ["a".repeat(32), "b".repeat(32)];
let root: string;
const at = (name: string) => join(root, name);
const logs = async (name: string) =>
  (await readdir(join(at(name), "notes"))).filter((each) => each.endsWith(".jsonl")).sort();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-carry-"));
});
afterEach(() => removeFolder(root));

describe("carried notes", () => {
  it("give two desks the same, whoever carries first, and add nothing the second time", async () => {
    await writeCaseNote(at("anna"), ONE, { status: "reading", addNote: "позвонить", by: "Анна" });
    await writeCaseNote(at("boris"), ONE, { status: "answered", addNote: "написать", by: "Борис" });
    expect(await addCarriedNotes(at("boris"), await notesToCarry(at("anna")))).toEqual({ added: 2, damaged: 0 });
    expect(await addCarriedNotes(at("anna"), await notesToCarry(at("boris")))).toEqual({ added: 2, damaged: 0 });
    expect(await addCarriedNotes(at("anna"), await notesToCarry(at("boris")))).toEqual({ added: 0, damaged: 0 });
    expect(await readCaseNotes(at("anna"))).toEqual(await readCaseNotes(at("boris")));
    expect(await logs("anna")).toEqual(await logs("boris"));
  });

  it("bring back what a desk has lost of its own, without touching its log", async () => {
    await writeCaseNote(at("anna"), ONE, { status: "reading" });
    const [own = ""] = await logs("anna");
    const before = await readFile(join(at("anna"), "notes", own), "utf8");
    await writeCaseNote(at("anna"), OTHER, { status: "closed" });
    const carried = await notesToCarry(at("anna"));
    await writeFile(join(at("anna"), "notes", own), before);
    expect(await addCarriedNotes(at("anna"), carried)).toEqual({ added: 1, damaged: 0 });
    expect((await readCaseNotes(at("anna")))[OTHER]?.status).toBe("closed");
    expect(await readFile(join(at("anna"), "notes", own), "utf8")).toBe(before);
  });

  it("leave out what is no line of a log, and keep what a later version writes as it is", async () => {
    const later = JSON.stringify({
      ...{ desk: "desk-x", clock: 1, at: "", by: "", case: ONE, replaces: [], colour: "red" },
      set: { colour: "red" },
    });
    const lines = ["{}", "<script>", `{"desk":"../x","clock":1,"case":"${ONE}"}`, later, later, ""];
    const carried = new TextEncoder().encode(lines.join("\n"));
    expect(await addCarriedNotes(at("anna"), carried)).toEqual({ added: 1, damaged: 3 });
    expect(await logs("anna")).toEqual(["desk-x.jsonl"]);
    expect(new TextDecoder().decode(await notesToCarry(at("anna")))).toBe(`${later}\n`);
  });
});
