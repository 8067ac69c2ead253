import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paddedArchiveSize, padme } from "../../src/core/index.js";
import { seeded } from "../support/seed.js";

const SMALLEST = 64 * 1024;
const LARGEST = 2 ** 40;
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 4 * SMALLEST }),
  fc.integer({ min: 0, max: LARGEST }),
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -1, max: 1 })).map(([power, by]) => 2 ** power + by),
);

describe("padme", () => {
  // Computed by hand with algorithm 1 of the paper.
  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [8, 8],
    [9, 10],
    [15, 16],
    [16, 16],
    [17, 18],
    [100, 104],
    [255, 256],
    [256, 256],
    [257, 272],
    [1000, 1024],
    [65_535, 65_536],
    [65_536, 65_536],
    [65_537, 67_584],
    [67_584, 67_584],
    [67_585, 69_632],
    [131_071, 131_072],
    [131_072, 131_072],
    [131_073, 135_168],
    [1_000_000, 1_015_808],
    [2 ** 30 - 1, 2 ** 30],
    [2 ** 30, 2 ** 30],
    [2 ** 30 + 1, 2 ** 30 + 2 ** 25],
  ])("pads %i bytes to %i", (length, padded) => {
    expect(padme(length)).toBe(padded);
  });

  test("never shrinks a length, and adds at most 12 %", () => {
    fc.assert(
      fc.property(lengths, (length) => {
        expect(padme(length)).toBeGreaterThanOrEqual(length);
        expect(padme(length)).toBeLessThanOrEqual(length * 1.12);
      }),
      seeded(2000),
    );
  });

  test("is monotonic", () => {
    fc.assert(
      fc.property(lengths, lengths, (left, right) => {
        expect(Math.sign(padme(right) - padme(left)) * Math.sign(right - left)).toBeGreaterThanOrEqual(0);
      }),
      seeded(2000),
    );
  });

  test("is idempotent", () => {
    fc.assert(
      fc.property(lengths, (length) => {
        expect(padme(padme(length))).toBe(padme(length));
      }),
      seeded(2000),
    );
  });

  test("maps all lengths up to a gigabyte to a few hundred sizes", () => {
    const sizes = new Set<number>();
    for (let length = SMALLEST; length <= 2 ** 30; length = padme(length + 1)) sizes.add(padme(length));
    expect(sizes.size).toBeLessThan(500);
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses %d, which is not a length", (length) => {
    expect(() => padme(length)).toThrow(RangeError);
  });
});

describe("paddedArchiveSize", () => {
  test.each([0, 1, 4608, SMALLEST - 1, SMALLEST])("gives %i bytes the smallest archive's size", (length) => {
    expect(paddedArchiveSize(length)).toBe(SMALLEST);
  });

  test("is a whole number of 512-byte blocks", () => {
    fc.assert(
      fc.property(lengths, (length) => {
        expect(paddedArchiveSize(length) % 512).toBe(0);
      }),
      seeded(2000),
    );
  });
});
