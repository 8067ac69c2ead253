import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cover, type Piece } from "../../../src/store/s3/pieces.js";
import { readMarks, uploadKeys } from "../../../src/store/s3/upload-keys.js";
import { seeded, WITH_SEED } from "../../support/seed.js";

const piece = (offset: number, length: number): Piece => ({ key: `${offset}+${length}`, offset, length });

/** How far bytes go without a gap, told by looking at each. */
function slowEnd(pieces: readonly Piece[]): number {
  let end = 0;
  while (pieces.some(({ offset, length }) => offset <= end && end < offset + length)) end += 1;
  return end;
}

describe("the pieces of an upload", () => {
  it.each([
    ["nothing", [], 0],
    ["one piece", [piece(0, 5)], 5],
    ["two in turn", [piece(5, 3), piece(0, 5)], 8],
    ["a gap at the beginning", [piece(1, 5)], 0],
    ["a gap in between", [piece(0, 5), piece(6, 3)], 5],
    ["one twice, once shorter", [piece(0, 5), piece(0, 3)], 5],
    ["one that a dead line brought, over what came after it", [piece(0, 4), piece(2, 6), piece(4, 2)], 8],
    ["one inside another", [piece(0, 9), piece(2, 3), piece(9, 1)], 10],
  ] as const)("go as far as they go without a gap: %s", (_what, pieces, end) => {
    expect(cover(pieces).end).toBe(end);
  });

  it(`yield every byte once and in order, however they overlap ${WITH_SEED}`, () => {
    const some = fc.array(
      fc
        .record({ offset: fc.nat(40), length: fc.integer({ min: 1, max: 12 }) })
        .map((each) => piece(each.offset, each.length)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (pieces) => {
        const { portions, end } = cover(pieces);
        expect(end).toBe(slowEnd(pieces));
        let at = 0;
        for (const { piece: each, skip } of portions) {
          expect(skip).toBeGreaterThanOrEqual(0);
          expect(each.offset + skip).toBe(at);
          at = each.offset + each.length;
        }
        expect(at).toBe(end);
      }),
      seeded(2_000),
    );
  });

  it("are read from their keys, with the other marks of the upload", () => {
    const id = "0123456789abcdef0123456789abcdef";
    const keys = [
      uploadKeys.begun(id, "2026-03-01"),
      uploadKeys.size(id, 12),
      uploadKeys.piece(id, 0, 5, "2026-03-01"),
      uploadKeys.piece(id, 5, 7, "2026-03-02"),
      uploadKeys.day(id),
      `${uploadKeys.of(id)}what nobody wrote`,
    ];
    expect(readMarks(keys)).toEqual({
      keys,
      begun: true,
      size: 12,
      day: "2026-03-02",
      pieces: [
        { key: keys[2], offset: 0, length: 5 },
        { key: keys[3], offset: 5, length: 7 },
      ],
    });
    expect(readMarks([])).toEqual({ keys: [], begun: false, size: null, day: null, pieces: [] });
  });
});
