import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moveBy, scaleOf, turn, WHOLE, within, zoomBy } from "../../src/reading/view.js";
import { seeded, WITH_SEED } from "../support/seed.js";

const BOX = { width: 800, height: 600 };

describe(`what is seen of a bitmap ${WITH_SEED}`, () => {
  it("is all of it at first, and a small one as it is", () => {
    expect(scaleOf(WHOLE, { width: 8000, height: 600 }, BOX)).toBe(0.1);
    expect(scaleOf({ ...WHOLE, turns: 1 }, { width: 8000, height: 600 }, BOX)).toBe(0.075);
    expect(scaleOf(WHOLE, { width: 80, height: 60 }, BOX)).toBe(1);
  });

  it("moves no further than its edges, and not at all while it fits", () => {
    const bitmap = { width: 1600, height: 600 };
    expect(moveBy(WHOLE, 50, 50, bitmap, BOX)).toMatchObject({ x: 0, y: 0 });
    const larger = zoomBy(WHOLE, 2, bitmap, BOX);
    expect(moveBy(larger, 5_000, -5_000, bitmap, BOX)).toMatchObject({ x: 400, y: 0 });
  });

  it("keeps what is in the middle there when it is turned: four times is no change", () => {
    const bitmap = { width: 4000, height: 3000 };
    const view = moveBy(zoomBy(WHOLE, 4, bitmap, BOX), 100, -200, bitmap, BOX);
    let turned = view;
    for (let quarter = 0; quarter < 4; quarter += 1) turned = turn(turned, bitmap, BOX);
    expect(turned.turns).toBe(0);
    expect(turned.x).toBeCloseTo(view.x);
    expect(turned.y).toBeCloseTo(view.y);
  });

  it("never leaves the box, whatever is done in whatever order", () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 16_000 }), height: fc.integer({ min: 1, max: 16_000 }) });
    const step = fc.oneof(
      fc.record({ zoom: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
      fc.record({ x: fc.integer({ min: -5_000, max: 5_000 }), y: fc.integer({ min: -5_000, max: 5_000 }) }),
      fc.constant({ turned: true }),
    );
    fc.assert(
      fc.property(size, size, fc.array(step, { maxLength: 20 }), (bitmap, box, steps) => {
        let view = WHOLE;
        for (const each of steps) {
          if ("zoom" in each) view = zoomBy(view, each.zoom, bitmap, box);
          else if ("x" in each) view = moveBy(view, each.x, each.y, bitmap, box);
          else view = turn(view, bitmap, box);
          expect(view.zoom).toBeGreaterThanOrEqual(1);
          expect(scaleOf(view, bitmap, box)).toBeLessThanOrEqual(
            Math.max(8.001, scaleOf({ ...view, zoom: 1 }, bitmap, box)),
          );
          expect(within(view, bitmap, box)).toEqual(view);
        }
      }),
      seeded(300),
    );
  });
});
