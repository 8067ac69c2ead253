import { describe, expect, it } from "vitest";
import { KeyClock, newestDay } from "../../../src/server/recipients/index.js";

describe("the clock that keys are chosen by", () => {
  it("goes as the machine's does, and stands still while that has gone back", () => {
    let now = "2026-02-01T12:00:00.000Z";
    const clock = new KeyClock(() => new Date(now));
    const shown = (moment: string) => {
      now = moment;
      return clock.now().toISOString();
    };
    expect(shown("2026-02-01T12:00:00.000Z")).toBe("2026-02-01T12:00:00.000Z");
    expect(shown("2026-03-01T00:00:00.000Z")).toBe("2026-03-01T00:00:00.000Z");
    expect(shown("2025-12-24T00:00:00.000Z")).toBe("2026-03-01T00:00:00.000Z");
    expect(shown("2026-03-01T00:00:00.001Z")).toBe("2026-03-01T00:00:00.001Z");
  });

  it.each([
    ["no submission", null, "2026-02-01T12:00:00.000Z", false],
    ["one of an earlier day", "2026-01-31", "2026-02-01T12:00:00.000Z", false],
    ["one of today", "2026-02-01", "2026-02-01T12:00:00.000Z", false],
    ["one of tomorrow, by another replica's clock", "2026-02-02", "2026-02-02T00:00:00.000Z", false],
    ["one of the day after", "2026-02-03", "2026-02-03T00:00:00.000Z", true],
  ])("begins, with %s in the store, no earlier, and says when it is a day behind", (_, newest, shown, behind) => {
    const clock = new KeyClock(() => new Date("2026-02-01T12:00:00Z"), newest);
    expect(clock.now().toISOString()).toBe(shown);
    expect(clock.notice() !== null).toBe(behind);
  });

  it("finds the day of the newest submission in a store", async () => {
    const store = (...days: string[]) => ({
      list: async function* () {
        for (const day of days) yield { id: "0".repeat(32), bytes: 1, day };
      },
    });
    expect(await newestDay(store())).toBeNull();
    expect(await newestDay(store("2026-01-01", "2026-02-03"))).toBe("2026-02-03");
  });
});
