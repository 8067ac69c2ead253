import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CASE_STATUSES,
  type CaseNote,
  foldNotes,
  linksIn,
  MAX_CLOCK,
  NoteBook,
  type NoteEvent,
  type NoteSet,
  noteEventId,
  readNoteEvent,
  readNoteLines,
  writeNoteEvent,
} from "../../src/cases/index.js";
import { seeded } from "../support/seed.js";

const DESKS = ["desk-a", "desk-b", "desk-c"];
const CASES = ["a".repeat(32), "b".repeat(32)];
const [ONE = "", OTHER = ""] = CASES;
const NONE: CaseNote = { status: "new", note: "" };
const NOW = new Date("2026-11-26T10:00:00Z");

const set: fc.Arbitrary<NoteSet> = fc.oneof(
  fc.record({ status: fc.constantFrom(...CASE_STATUSES) }),
  fc.record({ note: fc.string({ minLength: 1, maxLength: 5 }) }),
  fc.record({ assignee: fc.constantFrom("", "Анна", "Борис") }),
  fc.record({ due: fc.constantFrom("", "2026-12-01", "2027-01-01") }),
  fc.record({ spam: fc.boolean() }),
  fc.record({ tag: fc.constantFrom("обмін", "ліки"), on: fc.boolean() }),
);
/** A step of a made-up week: a desk writes, undoes one of the events it has, or gets another's log. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), desk: fc.nat({ max: 2 }), of: fc.nat({ max: 1 }), set }),
  fc.record({
    kind: fc.constant("person" as const),
    desk: fc.nat({ max: 2 }),
    same: fc.constantFrom(true, false, null),
  }),
  fc.record({ kind: fc.constant("undo" as const), desk: fc.nat({ max: 2 }), at: fc.nat() }),
  fc.record({ kind: fc.constant("copy" as const), desk: fc.nat({ max: 2 }), from: fc.nat({ max: 2 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;
const week = fc.array(step, { maxLength: 40 });

/** What each desk has at the end. */
function live(steps: readonly Step[]): NoteBook[] {
  const books = DESKS.map(() => new NoteBook());
  for (const each of steps) {
    const book = books[each.desk] ?? new NoteBook();
    const write = (id: string, what: NoteSet) =>
      book.add(book.eventsFor([{ case: id, set: what }], { desk: DESKS[each.desk] ?? "", by: "", now: NOW }));
    if (each.kind === "copy") book.add(books[each.from]?.all() ?? []);
    else if (each.kind === "write") write(CASES[each.of] ?? "", each.set);
    else if (each.kind === "person") write(ONE, { person: OTHER, same: each.same });
    else {
      const events = [...book.all()];
      const undone = events[each.at % Math.max(1, events.length)];
      if (undone !== undefined) write(undone.case, { undo: noteEventId(undone) });
    }
  }
  return books;
}

function stateOf(book: NoteBook) {
  return { notes: foldNotes(book.all()), links: linksIn(book), dated: CASES.map((id) => book.notes(id)) };
}

describe("logs of several desks", () => {
  it("give the same state in any order and however often they are copied", () => {
    fc.assert(
      fc.property(week, fc.infiniteStream(fc.nat()), (steps, random) => {
        const all = live(steps).flatMap((book) => [...book.all()]);
        const whole = stateOf(new NoteBook(all));
        const order = new Map([...all, ...all].map((event) => [event, random.next().value ?? 0]));
        const shuffled = [...all, ...all].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
        expect(stateOf(new NoteBook(shuffled))).toEqual(whole);
        const piecemeal = new NoteBook();
        for (const event of shuffled) {
          piecemeal.add([event]);
          piecemeal.of(event.case);
        }
        expect(stateOf(piecemeal)).toEqual(whole);
        const { events, damaged } = readNoteLines(shuffled.map((event) => `${writeNoteEvent(event)}\n`).join(""));
        expect(damaged).toEqual([]);
        expect(stateOf(new NoteBook(events))).toEqual(whole);
      }),
      seeded(300),
    );
  });

  it("give the same state by the events that count alone", () => {
    fc.assert(
      fc.property(week, (steps) => {
        const all = new NoteBook(live(steps).flatMap((book) => [...book.all()]));
        expect(stateOf(new NoteBook(all.allHeads()))).toEqual(stateOf(all));
      }),
      seeded(300),
    );
  });

  it("lose nothing: what nobody who had seen it replaced or undid is there", () => {
    fc.assert(
      fc.property(week, (steps) => {
        const book = new NoteBook(live(steps).flatMap((each) => [...each.all()]));
        const all = [...book.all()];
        const gone = new Set(
          all.flatMap((event) => [
            ...event.replaces.map((id) => `${event.case} ${id}`),
            ...("undo" in event.set ? [`${event.case} ${event.set.undo}`] : []),
          ]),
        );
        for (const event of all) {
          if (gone.has(`${event.case} ${noteEventId(event)}`) || "undo" in event.set) continue;
          const { status, otherStatuses = [], note = "", conflicts = {}, ...rest } = book.of(event.case) ?? NONE;
          if ("status" in event.set) expect([status, ...otherStatuses]).toContain(event.set.status);
          else if ("note" in event.set) expect(note).toContain(event.set.note);
          else if ("assignee" in event.set)
            expect([rest.assignee ?? "", ...(conflicts.assignee ?? [])]).toContain(event.set.assignee);
          else if ("due" in event.set) expect([rest.due ?? "", ...(conflicts.due ?? [])]).toContain(event.set.due);
          else if ("spam" in event.set)
            expect([rest.spam ?? false, ...(conflicts.spam ?? [])]).toContain(event.set.spam);
          else if ("tag" in event.set && event.set.on) expect(rest.tags).toContain(event.set.tag);
        }
      }),
      seeded(300),
    );
  });

  it("show no conflict where each desk had seen the other", () => {
    const [, second] = live([
      { kind: "write", desk: 0, of: 0, set: { status: "reading" } },
      { kind: "copy", desk: 1, from: 0 },
      { kind: "write", desk: 1, of: 0, set: { status: "answered" } },
    ]);
    expect(second?.of(ONE)).toEqual({ status: "answered", note: "" });
  });

  it("show both where neither had", () => {
    const books = live([
      { kind: "write", desk: 0, of: 0, set: { status: "reading" } },
      { kind: "write", desk: 1, of: 0, set: { status: "answered" } },
      { kind: "write", desk: 0, of: 0, set: { note: "позвонить" } },
      { kind: "write", desk: 1, of: 0, set: { note: "написать" } },
      { kind: "write", desk: 0, of: 0, set: { assignee: "Анна" } },
      { kind: "write", desk: 1, of: 0, set: { assignee: "Борис" } },
    ]);
    expect(new NoteBook(books.flatMap((book) => [...book.all()])).of(ONE)).toEqual({
      status: "answered",
      otherStatuses: ["reading"],
      note: "позвонить\nнаписать",
      assignee: "Борис",
      conflicts: { assignee: ["Анна"] },
    });
  });

  it("bring back by undo what was there before, and by undoing that what was undone", () => {
    const book = new NoteBook();
    const write = (what: NoteSet) => {
      const events = book.eventsFor([{ case: ONE, set: what }], { desk: "desk-a", by: "", now: NOW });
      book.add(events);
      return events.map(noteEventId)[0] ?? "";
    };
    write({ status: "reading" });
    const closed = write({ status: "closed" });
    const undo = write({ undo: closed });
    expect(book.of(ONE)?.status).toBe("reading");
    write({ undo });
    expect(book.of(ONE)?.status).toBe("closed");
  });
});

describe("a line of a log", () => {
  const event = {
    desk: "desk-a",
    clock: 1,
    at: "2026-11-26",
    by: "Анна",
    case: ONE,
    replaces: [],
    set: { note: "x" },
  };

  it("says who wrote it, and when", () => {
    expect(foldNotes([event]).get(event.case)?.note).toBe("2026-11-26 Анна: x");
  });

  it.each([
    ["another desk's name", { desk: "../x" }],
    ["no clock", { clock: 0 }],
    ["a clock beyond all counting", { clock: 2 ** 53 }],
    ["a clock that leaves no larger one", { clock: MAX_CLOCK + 1 }],
    ["a fraction as its clock", { clock: 1.5 }],
    ["no case", { case: "x" }],
    ["a case that is not text", { case: { toString: ONE } }],
  ])("is refused with %s", (_what, more) => {
    expect(() => readNoteEvent(JSON.stringify({ ...event, ...more }))).toThrow(TypeError);
  });

  it.each([
    { colour: "red" },
    { status: "lost" },
    { due: "tomorrow" },
    { spam: "yes" },
    { duplicateOf: ONE },
    { person: ONE, same: true },
    { person: OTHER },
    { tag: " ", on: true },
    { undo: "../x:1" },
    null,
    [],
    "x",
  ])("of a kind that a later version writes is kept, and changes nothing: %j", (other) => {
    const read = readNoteEvent(JSON.stringify({ ...event, set: other }));
    expect(JSON.parse(writeNoteEvent(read))).toEqual({ ...event, set: other });
    expect(new NoteBook([read]).of(ONE)).toEqual({ status: "new", note: "" });
    expect(new NoteBook([read]).clock).toBe(1);
  });

  it("cannot reach anything by the names of its members", () => {
    const line = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(event).slice(1)}`;
    const tagged = { ...event, clock: 2, set: { tag: "__proto__", on: true } };
    const { events } = readNoteLines(`${line}\n${JSON.stringify(tagged)}\n`);
    expect(foldNotes(events).get(ONE)).toEqual({ status: "new", note: "2026-11-26 Анна: x", tags: ["__proto__"] });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("is left out and counted if it is damaged or enormous, and those around it are read", () => {
    const lines = ["{}", "[}", "null}", `{"a":"${"x".repeat(2 ** 20)}"}`, JSON.stringify(event), `{"desk":"desk-`];
    const { events, damaged } = readNoteLines(lines.join("\n"));
    expect(damaged).toEqual([1, 2, 3, 4]);
    expect(events).toEqual([event]);
  });

  it("never hides another by claiming to come before and after it", () => {
    const one: NoteEvent = { ...event, clock: 5, replaces: ["desk-b:6"], set: { status: "closed" } };
    const other: NoteEvent = { ...event, desk: "desk-b", clock: 6, replaces: ["desk-a:5"], set: { status: "reading" } };
    expect(new NoteBook([one, other]).of(ONE)?.status).toBe("reading");
    const undoing: NoteEvent[] = [
      { ...event, clock: 5, set: { undo: "desk-b:6" } },
      { ...event, desk: "desk-b", clock: 6, set: { undo: "desk-a:5" } },
      { ...event, clock: 4 },
    ];
    expect(new NoteBook(undoing).notes(ONE)).toHaveLength(1);
  });

  it("with the largest clock leaves no room, which is said rather than counted over", () => {
    const book = new NoteBook([{ ...event, clock: MAX_CLOCK }]);
    expect(() => book.eventsFor([{ case: ONE, set: { spam: true } }], { desk: "desk-a", by: "", now: NOW })).toThrow(
      RangeError,
    );
  });
});
