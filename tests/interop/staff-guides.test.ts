import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const english = read("STAFF.md");
const ukrainian = read("STAFF.uk.md");

const headings = (guide: string) =>
  [...guide.matchAll(/^(#+) (?:(\d+)\.)?/gm)].map(([, level, number]) => `${level}${number ?? ""}`);
/** What a file is for is said beside it, in the guide's language. */
const blocks = (guide: string) =>
  [...guide.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => [
    kind,
    text?.replace(/^(cases\/\S+) {2,}.*$/gm, "$1"),
  ]);
/** Commands, file names and settings within sentences. */
const quoted = (guide: string) =>
  [...guide.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`]+)`/g)]
    .map(([, text]) => text?.replace(/\s+/g, " "))
    .sort();
const rows = (guide: string) => guide.split("\n").filter((line) => line.startsWith("|")).length;
const items = (guide: string) => guide.split("\n").filter((line) => /^(?:- |\d+\. )/.test(line)).length;

describe("the guides for staff in Ukrainian and English", () => {
  it("have the same headings in the same order", () => {
    expect(headings(ukrainian)).toEqual(headings(english));
  });

  it("have the same commands, to the letter", () => {
    expect(blocks(ukrainian)).toEqual(blocks(english));
  });

  it("name the same commands, files and settings", () => {
    expect(quoted(ukrainian)).toEqual(quoted(english));
  });

  it("have the same tables and lists", () => {
    expect([rows(ukrainian), items(ukrainian)]).toEqual([rows(english), items(english)]);
  });

  it("are Ukrainian and English", () => {
    expect(ukrainian).not.toMatch(/[ёъыэ]/i);
    expect(english).not.toMatch(/[а-я]/i);
  });
});
