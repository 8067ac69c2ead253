import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const english = read("STAFF.md");
const ukrainian = read("STAFF.uk.md");

const PICTURES = new URL("../../docs/images/staff/", import.meta.url);
const MAX_PICTURE_BYTES = 60_000;
/** Names of the files, of those with a text for people who do not see them. */
const pictures = (guide: string) =>
  [...guide.matchAll(/!\[[^\]]{20,}\]\(images\/staff\/([^)]+)\)/g)].map(([, name]) => name ?? "");

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

  it("show the same pictures, each in its language, and leave none over", () => {
    const shown = pictures(english);
    expect(shown.length).toBeGreaterThanOrEqual(6);
    expect(pictures(ukrainian)).toEqual(shown.map((name) => name.replace(/-en\.webp$/, "-uk.webp")));
    const files = readdirSync(PICTURES);
    expect([...shown, ...pictures(ukrainian)].sort()).toEqual(files.sort());
    for (const name of files) expect(statSync(new URL(name, PICTURES)).size, name).toBeLessThan(MAX_PICTURE_BYTES);
  });

  it("are Ukrainian and English", () => {
    expect(ukrainian).not.toMatch(/[ёъыэ]/i);
    expect(english).not.toMatch(/[а-я]/i);
  });
});
