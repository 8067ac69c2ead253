import { describe, expect, it } from "vitest";
import { DAY_MS, dayOf, startOfDay } from "../../src/core/index.js";

describe("the day of a moment", () => {
  it.each([
    ["2026-03-01T00:00:00.000Z", "2026-03-01"],
    ["2026-03-01T23:59:59.999Z", "2026-03-01"],
    ["2026-03-02T01:30:00+02:00", "2026-03-01"],
  ])("is the UTC day: %s is on %s", (moment, day) => {
    expect(dayOf(new Date(moment))).toBe(day);
    expect(startOfDay(new Date(moment)).toISOString()).toBe(`${day}T00:00:00.000Z`);
  });

  it("is DAY_MS before the next one, where clocks are put forward as well", () => {
    expect(new Date(Date.UTC(2026, 2, 30)).getTime() - new Date(Date.UTC(2026, 2, 29)).getTime()).toBe(DAY_MS);
    expect(dayOf(new Date(startOfDay(new Date("2024-02-29T12:00:00Z")).getTime() + DAY_MS))).toBe("2024-03-01");
  });
});
