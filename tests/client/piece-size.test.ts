import { describe, expect, it } from "vitest";
import { PieceSize } from "../../src/client/piece-size.js";

const KIB = 1024;
const PASSES = 3 * KIB;
const FAR = 1024 * KIB * KIB;

/** Sends pieces over a line that lets connections carry `limitBytes` for so many pieces, and returns their sizes. */
function sizesOver(limitBytes: number, pieces: number, { narrow = false, pieceMs = 100, left = FAR } = {}): number[] {
  const size = new PieceSize(narrow);
  return Array.from({ length: pieces }, () => {
    const { bytes } = size;
    if (bytes <= limitBytes) size.passed(bytes, pieceMs, left);
    else size.stalled(bytes, 0);
    return bytes;
  });
}

describe("the size of pieces", () => {
  it("grows at once on a good line", () => {
    expect(sizesOver(Number.POSITIVE_INFINITY, 4)).toEqual([PASSES, 8 * PASSES, 16 * PASSES, 32 * PASSES]);
  });

  it("stays small after a stall, and tries no other for five minutes", () => {
    const sizes = sizesOver(12 * KIB, 3_000);
    expect(sizes.slice(0, 3)).toEqual([PASSES, 8 * PASSES, PASSES]);
    expect(sizes.slice(2).filter((bytes) => bytes !== PASSES)).toEqual([]);
  });

  it("tries a larger one ever more rarely where the line is known to be narrow", () => {
    const sizes = sizesOver(12 * KIB, 25_000, { narrow: true });
    const probes = sizes.flatMap((bytes, index) => (bytes === PASSES ? [] : [index]));
    expect(probes).toEqual([3_000, 9_001, 21_002]);
  });

  it("grows again once a larger one passes", () => {
    const sizes = sizesOver(Number.POSITIVE_INFINITY, 3_003, { narrow: true });
    expect(sizes.slice(2_999)).toEqual([PASSES, 32 * KIB, 64 * KIB, 128 * KIB]);
  });

  it("tries nothing where little is left", () => {
    const sizes = sizesOver(Number.POSITIVE_INFINITY, 5_000, { narrow: true, left: 100 * KIB });
    expect(new Set(sizes)).toEqual(new Set([PASSES]));
  });

  it("finds what passes below the first size, down to 1 KiB", () => {
    expect(sizesOver(3 * KIB, 20).at(-1)).toBeLessThanOrEqual(3 * KIB);
    expect(sizesOver(0, 10).at(-1)).toBe(KIB);
  });
});
