import { expect, it } from "vitest";
import { CASE_STATUSES } from "../../src/cases/index.js";
import { loadTexts } from "../../src/locales/index.js";

it("every status, and no other, has a name in each of the staff's languages", () => {
  const staff = loadTexts(new URL("../../src/locales/staff/", import.meta.url));
  expect(staff.size).toBeGreaterThan(1);
  for (const [, texts] of staff) {
    const names = CASE_STATUSES.map((status) => texts.say(`status-${status}`));
    expect(new Set(names).size).toBe(CASE_STATUSES.length);
    for (const name of names) expect(name).not.toMatch(/^status-/);
  }
});
