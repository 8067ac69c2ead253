import { expect, it } from "vitest";
import { Random, WITH_SEED } from "../support/seed.js";
import { growsBy, type Sample, trendOf } from "./trend.js";

const LIMIT = 2;
const every30Seconds = (hours: number, valueAt: (hours: number) => number): Sample[] =>
  Array.from({ length: hours * 120 }, (_, at) => ({ hours: at / 120, value: valueAt(at / 120) }));

it("of a line is its slope, without an error", () => {
  const { perHour, error } = trendOf(every30Seconds(1, (hours) => 170 + 5 * hours));
  expect(perHour).toBeCloseTo(5, 9);
  expect(error).toBeCloseTo(0, 9);
});

it.each([[[]], [[1]], [[1, 9]]])("of %j tells nothing", (values) => {
  const trend = trendOf(values.map((value, hours) => ({ hours, value })));
  expect(trend).toEqual({ perHour: 0, error: Number.POSITIVE_INFINITY });
  expect(growsBy(LIMIT, trend)).toBe(false);
});

it(`of what only strays is no growth, and of what grows as it strays is some ${WITH_SEED}`, () => {
  const random = new Random("trend");
  const strays = () => random.integer(-10, 10);
  const flat = Array.from({ length: 50 }, () => trendOf(every30Seconds(0.4, () => 185 + strays())));
  const found = flat.filter((trend) => growsBy(LIMIT, trend)).length;
  // Two standard errors and the limit: chance alone passes that once in fifty times.
  expect(found).toBeLessThanOrEqual(5);
  const growing = Array.from({ length: 50 }, () => trendOf(every30Seconds(2, (hours) => 170 + 10 * hours + strays())));
  expect(growing.every((trend) => growsBy(LIMIT, trend))).toBe(true);
});
