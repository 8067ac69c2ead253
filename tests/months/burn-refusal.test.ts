import { describe, expect, it } from "vitest";
import { DAY_MS, dayOf } from "../../src/core/index.js";
import { burnRefusal, endOfUse, parseMonth } from "../../src/months/index.js";

const MONTH = parseMonth("2026-10");
/** 2026-11-15, from whose first moment on nothing may be encrypted to October. */
const END = endOfUse(MONTH);
const ledger = (made: string, unopened: Readonly<Record<string, number>> = {}) => ({
  made,
  unopened: new Map(Object.entries(unopened)),
});
const later = (ms: number) => new Date(END.getTime() + ms);
const codeOf = (...given: Parameters<typeof burnRefusal>) => burnRefusal(...given)?.code ?? null;

describe("whether a month may be burnt", () => {
  it.each([
    ["a month before its end", -31 * DAY_MS, "not_over"],
    ["in the last millisecond of its two weeks", -1, "not_over"],
    ["from the end of its two weeks on", 0, null],
    ["a year later", 365 * DAY_MS, null],
  ])("is a matter of this machine's clock: %s", (_when, ms, code) => {
    expect(codeOf(MONTH, ledger(dayOf(later(Math.max(ms, 0)))), later(ms))).toBe(code);
  });

  it.each([
    ["the day before its two weeks ended", "2026-11-14", "old_ledger"],
    ["the day on which they ended", "2026-11-15", null],
    ["today", "2026-11-20", null],
    ["tomorrow, where the server is east of here", "2026-11-21", null],
    ["the day after tomorrow", "2026-11-22", "ledger_ahead"],
    ["next year", "2027-11-20", "ledger_ahead"],
  ])("is a matter of the server's clock, too: a ledger of %s", (_when, made, code) => {
    expect(codeOf(MONTH, ledger(made), new Date("2026-11-20T12:00:00Z"))).toBe(code);
  });

  it("needs a ledger", () => {
    expect(codeOf(MONTH, null, later(0))).toBe("no_ledger");
  });

  it.each([
    ["2026-08-31", null],
    ["2026-09-01", "unopened"],
    ["2026-10-15", "unopened"],
    ["2026-11-15", "unopened"],
    ["2026-11-16", null],
  ])("is refused where a letter waits that came on a day of it, or of a wrong clock: %s", (day, code) => {
    expect(codeOf(MONTH, ledger("2026-11-20", { [day]: 1 }), new Date("2026-11-20T12:00:00Z"))).toBe(code);
  });

  it("is refused for what a clock that is wrong on either side says: one alone burns nothing", () => {
    const real = new Date("2026-11-10T12:00:00Z");
    const years = [-2, -1, 1, 2].map((count) => new Date(real.getTime() + count * 365 * DAY_MS));
    for (const wrong of years) {
      expect(codeOf(MONTH, ledger(dayOf(wrong)), real), "the server's").not.toBeNull();
      expect(codeOf(MONTH, ledger(dayOf(real)), wrong), "this machine's").not.toBeNull();
    }
  });
});
