import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CASE_STATUSES,
  foldNotes,
  type NoteEvent,
  noteEventId,
  noteHeads,
  readNoteEvent,
  writeNoteEvent,
} from "../../src/cases/index.js";
import { seeded } from "../support/seed.js";

const DESKS = ["desk-a", "desk-b", "desk-c"];
const CASES = ["a".repeat(32), "b".repeat(32)];

/** A step of a made-up week: a desk writes, or gets another's log. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    desk: fc.nat({ max: 2 }),
    of: fc.nat({ max: 1 }),
    set: fc.oneof(
      fc.record({ status: fc.constantFrom(...CASE_STATUSES) }),
      fc.record({ note: fc.string({ maxLength: 5 }) }),
    ),
  }),
  fc.record({ kind: fc.constant("copy" as const), desk: fc.nat({ max: 2 }), from: fc.nat({ max: 2 }) }),
);
const week = fc.array(step, { maxLength: 40 });

/** What each desk has at the end. */
function live(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): NoteEvent[][] {
  const desks: NoteEvent[][] = [[], [], []];
  for (const each of steps) {
    const mine = desks[each.desk] ?? [];
    if (each.kind === "copy") mine.push(...(desks[each.from] ?? []));
    else {
      const id = CASES[each.of] ?? "";
      const seen = noteHeads(mine, "status" in each.set ? "status" : "note").get(id) ?? [];
      const clock = 1 + Math.max(0, ...mine.map((event) => event.clock));
      const desk = DESKS[each.desk] ?? "";
      mine.push({
        desk,
        clock,
        at: "2026-11-26T10:00:00Z",
        by: "",
        case: id,
        replaces: seen.map(noteEventId),
        set: each.set,
      });
    }
  }
  return desks;
}

describe("logs of several desks", () => {
  it("give the same state in any order and however often they are copied", () => {
    fc.assert(
      fc.property(week, fc.infiniteStream(fc.nat()), (steps, random) => {
        const all = live(steps).flat();
        const whole = foldNotes(all);
        const order = new Map([...all, ...all].map((event) => [event, random.next().value ?? 0]));
        const shuffled = [...all, ...all].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
        expect(foldNotes(shuffled)).toEqual(whole);
        const lines = shuffled
          .map(writeNoteEvent)
          .map((line) => readNoteEvent(line))
          .filter((event) => event !== null);
        expect(foldNotes(lines)).toEqual(whole);
      }),
      seeded(300),
    );
  });

  it("lose nothing: what nobody who had seen it replaced is there", () => {
    fc.assert(
      fc.property(week, (steps) => {
        const all = live(steps).flat();
        const replaced = new Set(all.flatMap((event) => event.replaces.map((id) => `${event.case} ${id}`)));
        const state = foldNotes(all);
        for (const event of all) {
          if (replaced.has(`${event.case} ${noteEventId(event)}`)) continue;
          const { status, otherStatuses = [], note } = state.get(event.case) ?? { status: "new", note: "" };
          if ("status" in event.set) expect([status, ...otherStatuses]).toContain(event.set.status);
          else expect(note).toContain(event.set.note);
        }
      }),
      seeded(300),
    );
  });

  it("show no conflict where each desk had seen the other", () => {
    const desks = live([
      { kind: "write", desk: 0, of: 0, set: { status: "reading" } },
      { kind: "copy", desk: 1, from: 0 },
      { kind: "write", desk: 1, of: 0, set: { status: "answered" } },
    ]);
    expect(foldNotes(desks.flat()).get(CASES[0] ?? "")).toEqual({ status: "answered", note: "" });
  });

  it("show both where neither had", () => {
    const desks = live([
      { kind: "write", desk: 0, of: 0, set: { status: "reading" } },
      { kind: "write", desk: 1, of: 0, set: { status: "answered" } },
      { kind: "write", desk: 0, of: 0, set: { note: "позвонить" } },
      { kind: "write", desk: 1, of: 0, set: { note: "написать" } },
    ]);
    expect(foldNotes(desks.flat()).get(CASES[0] ?? "")).toEqual({
      status: "answered",
      otherStatuses: ["reading"],
      note: "позвонить\nнаписать",
    });
  });
});

describe("a line of a log", () => {
  const event = {
    desk: "desk-a",
    clock: 1,
    at: "2026-11-26",
    by: "Анна",
    case: CASES[0] ?? "",
    replaces: [],
    set: { note: "x" },
  };

  it("says who wrote it, and when", () => {
    expect(foldNotes([event]).get(event.case)?.note).toBe("2026-11-26 Анна: x");
  });

  it.each([
    ["another desk's name", { desk: "../x" }],
    ["no clock", { clock: 0 }],
    ["no case", { case: "x" }],
  ])("is refused with %s", (_what, more) => {
    expect(() => readNoteEvent(JSON.stringify({ ...event, ...more }))).toThrow(TypeError);
  });

  it("of a kind that a later version writes is left alone", () => {
    expect(readNoteEvent(JSON.stringify({ ...event, set: { due: "2027-01-01" } }))).toBeNull();
    expect(readNoteEvent(JSON.stringify({ ...event, set: { status: "lost" } }))).toBeNull();
  });
});
