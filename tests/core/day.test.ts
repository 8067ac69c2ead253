import { describe, expect, it } from "vitest";
import { dayOf, startOfDay } from "../../src/core/index.js";

describe("a day", () => {
  it.each(["2026-11-24T00:00:00.000Z", "2026-11-24T23:59:59.999Z", "2026-11-25T02:59:59.999+03:00"])(
    "is that of UTC, and begins at its midnight: %s",
    (moment) => {
      expect(dayOf(new Date(moment))).toBe("2026-11-24");
      expect(startOfDay(new Date(moment)).toISOString()).toBe("2026-11-24T00:00:00.000Z");
    },
  );
});
