import { describe, expect, it } from "vitest";
import {
  type Case,
  decide,
  linkAll,
  linksIn,
  NoteBook,
  type NoteChange,
  type Person,
  splitOff,
} from "../../src/cases/index.js";

const NOW = new Date("2026-11-26T10:00:00Z");
const made = (id: string): Case => ({
  ...{ id, folder: id, day: "", letter: "", answers: {}, documents: [], language: "uk", encrypted: "browser" },
  ...{ answerable: false, followUps: [], status: "new", note: "" },
});
const all = ["a", "b", "c", "d", "e"].map((digit) => made(digit.repeat(32)));
const [a, b, c, d, e] = all.map(({ id }) => id) as [string, string, string, string, string];
const byId = (...ids: readonly string[]) => all.filter(({ id }) => ids.includes(id));
/** As proposed: three letters of one person, and two alone. */
const proposed: readonly Person[] = [
  { name: "Семёнов", cases: byId(a, b, c) },
  { name: "Петренко", cases: byId(d) },
  { name: "", cases: byId(e) },
];

function write(book: NoteBook, changes: readonly NoteChange[], desk = "desk-a"): void {
  book.add(book.eventsFor(changes, { desk, by: "", now: NOW }));
}

function decided(book: NoteBook) {
  return decide(proposed, all, linksIn(book)).map(({ cases, ...rest }) => ({
    ...rest,
    cases: cases.map(({ id }) => id[0]).join(""),
  }));
}

describe("what staff decide of people", () => {
  it("is as proposed, before they do", () => {
    expect(decided(new NoteBook()).map(({ cases }) => cases)).toEqual(["abc", "d", "e"]);
  });

  it("confirms a proposal", () => {
    const book = new NoteBook();
    write(book, linkAll([a, b, c], true));
    expect(decided(book)[0]).toEqual({ name: "Семёнов", cases: "abc", confirmed: true });
  });

  it("merges what was not proposed together, and names it", () => {
    const book = new NoteBook();
    write(book, linkAll([a, b, c, e], true));
    expect(decided(book)).toEqual([
      { name: "Семёнов", cases: "abce", confirmed: true },
      { name: "Петренко", cases: "d" },
    ]);
  });

  it("splits one off, and the others stay together", () => {
    const book = new NoteBook();
    write(book, linkAll([a, b, c], true));
    write(book, splitOff(a, [a, b, c], true));
    expect(decided(book)[0]).toMatchObject({ cases: "bc", confirmed: true });
    expect(decided(book).map(({ cases }) => cases)).toContain("a");
  });

  it("splits one off a proposal that nobody confirmed", () => {
    const book = new NoteBook();
    write(book, splitOff(b, [a, b, c], false));
    expect(decided(book).map(({ cases }) => cases)).toEqual(["ac", "b", "d", "e"]);
  });

  it("shows as disputed what two desks decided otherwise, and loses neither", () => {
    const [anna, boris] = [new NoteBook(), new NoteBook()];
    write(anna, linkAll([a, b, c], true), "desk-a");
    write(boris, splitOff(c, [b, c], false), "desk-b");
    anna.add(boris.all());
    boris.add(anna.all());
    expect(decided(anna)).toEqual(decided(boris));
    expect(decided(anna)[0]).toMatchObject({ cases: "abc", disputed: true });
  });

  it("takes a letter that is proposed later with two of a person", () => {
    const book = new NoteBook();
    write(book, linkAll([a, b], true));
    const [first] = decided(book);
    expect(first).toEqual({ name: "Семёнов", cases: "abc" });
  });

  it("holds every case once at least, whatever was decided", () => {
    const book = new NoteBook();
    write(book, [...linkAll([a, d], true), ...splitOff(c, [a, b], false), ...linkAll([c, e], true)]);
    const held = new Set(decided(book).flatMap(({ cases }) => [...cases]));
    expect([...held].sort().join("")).toBe("abcde");
  });

  it("is not slow for a colleague who puts ten thousand together", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => made(at.toString(16).padStart(32, "0")));
    const book = new NoteBook();
    write(
      book,
      linkAll(
        many.map(({ id }) => id),
        true,
      ),
    );
    write(
      book,
      splitOff(
        a,
        many.map(({ id }) => id),
        false,
      ),
    );
    const people = decide([], [...many, ...byId(a)], linksIn(book));
    expect(people[0]?.cases).toHaveLength(10_000);
  });
});
