import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayCases } from "../../src/cli/case-list.js";
import { writeCaseNote } from "../../src/desk/index.js";
import { inventedCase, putCase } from "../support/cases.js";
import { postern } from "../support/command.js";
import { program } from "../support/program.js";
import { removeFolder } from "../support/temporary.js";

const MAIN = await program();
const HOSTILE = "\u001b]0;owned\u0007\u202e=cmd|' /C calc'!A0\u009b31m";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-case-list-"));
  const answers = { message: "Помогите", prisoner: "Иванов Пётр", place: "ИК-6", charge: "207.3", writer: "мать" };
  const choices = { help: { question: "Помощь", chosen: [{ value: "doctor", label: "Врач" }] } };
  await putCase(folder, "submission-aaaaaaaa", {
    record: { case: "a".repeat(32), answers: { ...answers, help: ["doctor"] }, choices },
    letter: "Письмо\n\nВаше письмо\nПомогите\n\nО ком письмо\nИванов Пётр\n",
    day: "2026-11-20",
  });
  await putCase(folder, "submission-bbbbbbbb", {
    record: { case: "b".repeat(32), answers: { prisoner: HOSTILE, "x\u001b[2J": "y" } },
    letter: `Письмо\n\n${HOSTILE}\n`,
    day: "2026-11-23",
  });
  await putCase(folder, "submission-cccccccc", {
    record: { case: "c".repeat(32), answers: { prisoner: "о Иванове Петре Сергеевиче", place: "ик 6" } },
    letter: "Письмо\n",
    day: "2026-11-22",
  });
  await writeCaseNote(folder, "a".repeat(32), { status: "reading" });
});
afterAll(() => removeFolder(folder));

const list = (words: readonly string[], input = "") =>
  execFileSync(process.execPath, [MAIN, "case", "list", "--out", folder, ...words], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });

describe("postern case list", () => {
  it("says of each case who, where, article and writer, newest first", () => {
    const [first, , second, ...rest] = list([]).trimEnd().split("\n");
    expect(first).toMatch(/^2026-11-23 {2}(?:\d+ d|\?) {2}submission-bbbbbbbb {2}new {2}/);
    expect(second).toMatch(/submission-aaaaaaaa {2}reading {2}Иванов Пётр · ИК-6 · 207\.3 · мать$/);
    expect(rest).toEqual([]);
  });

  it("takes cases by status, and by words in any spelling that no history of commands keeps", () => {
    expect(list(["--status", "reading"])).toMatch(/^\S+ {2}\S+ d {2}submission-a/);
    expect(list(["--search"], "петр ИВАНОВ\n").match(/submission-/g)).toHaveLength(2);
    expect(list(["--search"], "Ivanov мать\n").match(/submission-/g)).toHaveLength(1);
    expect(list(["--search"], "нет такого\n")).toBe("");
  });

  it("prints every answer as a table and as JSON", () => {
    const table = list(["--csv", "--status", "reading"]);
    expect(table).toContain(`"message","prisoner","place","charge","writer","help","letter"`);
    expect(table).toContain(`"Помогите","Иванов Пётр","ИК-6","207.3","мать","Врач","Письмо`);
    const [first] = JSON.parse(list(["--json", "--status", "reading"]));
    expect(first.answers.prisoner).toEqual({ question: "О ком письмо", text: "Иванов Пётр", chosen: [] });
    expect(first.answers.help).toEqual({ question: "Помощь", text: "", chosen: ["Врач"] });
  });

  it.each([[[]], [["--csv"]], [["--json"]]])("lets no letter control the terminal or the table: %j", (words) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    expect(list(words)).not.toMatch(/[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("a colleague's log that is damaged", () => {
  it("is named by case list, and what else it holds is there", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "postern-damaged-"));
    try {
      await putCase(join(cwd, "cases"), "submission-aaaaaaaa", {
        record: { case: "a".repeat(32) },
        letter: "x",
        day: "2026-11-20",
      });
      await mkdir(join(cwd, "cases/notes"));
      const event = { desk: "desk-b", clock: 1, at: "", by: "", case: "a".repeat(32), replaces: [] };
      const lines = ["[}", JSON.stringify({ ...event, set: { status: "waiting" } }), "null}"];
      await writeFile(join(cwd, "cases/notes/desk-b\u001b[2J.jsonl"), `${lines.join("\n")}\n`);
      const { code, stdout, stderr } = await postern(["case", "list"], { cwd });
      expect([code, stdout.includes("waiting")]).toEqual([0, true]);
      expect(stderr).toContain("desk-b\ufffd[2J.jsonl: cannot be read in line 1, 3;");
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  });
});

describe("postern case people", () => {
  it("proposes which cases are about one person, and makes a table of people that nothing breaks", () => {
    const people = (...words: readonly string[]) =>
      execFileSync(process.execPath, [MAIN, "case", "people", "--out", folder, ...words], {
        encoding: "utf8",
        stdio: "pipe",
      });
    expect(people()).toMatch(
      /^\S.* {2}2\n {2}2026-11-2\d {2}submission-\w+ {2}.*\n {2}2026-11-2\d {2}submission-\w+ {2}.*\n$/,
    );
    const rows = people("--csv").trimEnd().split("\r\n");
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain(`"person","cases","first","last"`);
    expect(rows[1]).toContain(`"2","2026-11-20","2026-11-22"`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    expect(people() + people("--csv")).not.toMatch(/[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("the age in a line", () => {
  const age = (day: string) => sayCases([inventedCase({ day })], {}, new Date("2026-11-26T12:00:00Z")).split("  ")[1];
  it.each([
    ["2026-11-09", "17 d"],
    ["", "?"],
  ])("of a case of %j is %s", (day, said) => {
    expect(age(day)).toBe(said);
  });
});

describe("postern case counts", () => {
  const counts = (...words: readonly string[]) =>
    execFileSync(process.execPath, [MAIN, "case", "counts", "--out", folder, ...words], {
      encoding: "utf8",
      stdio: "pipe",
    });

  it("prints a table, and a page that nothing in a letter breaks", async () => {
    const page = join(folder, "counts.html");
    const table = counts("--page", page, "--language", "uk");
    expect(table).toContain(`"all","","3"\r\n`);
    expect(table).toContain(`"article","207.3","1"\r\n`);
    expect(table).toContain(`"status","reading","1"\r\n`);
    const html = await readFile(page, "utf8");
    expect(html).toContain("Звернень: 3");
    expect(html).toContain('<th scope="row">207.3</th>');
    expect(html).not.toMatch(/<script|\son\w+=/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    expect(table + html).not.toMatch(/[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
  });

  it("prints nothing for funders where any number would tell of somebody", () => {
    expect(() => counts("--for-funders")).toThrow(/fewer than 5 cases/);
  });
});
