import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/core/byte-reader.js";
import { concat, pieces, streamOf } from "../support/bytes.js";
import { Random } from "../support/seed.js";

const BYTES = new Random("byte reader").bytes(20);

describe("bytes that are asked for", () => {
  test.each([1, 2, 3, 4, 5, 19, 20, 21])("come in portions of %i, whatever pieces they came in", async (count) => {
    for (const size of [1, 2, 3, 4, 5, 19, 20]) {
      const reader = new ByteReader(streamOf(...pieces(BYTES, size)));
      const portions: Uint8Array[] = [];
      do portions.push(await reader.upTo(count));
      while (portions.at(-1)?.length === count);
      expect(concat(...portions)).toEqual(BYTES);
      expect(portions).toHaveLength(Math.floor(BYTES.length / count) + 1);
      expect(await reader.upTo(count)).toEqual(new Uint8Array(0));
      expect(await reader.some(count)).toBeNull();
    }
  });

  test("are not copied where one piece holds them", async () => {
    const reader = new ByteReader(streamOf(BYTES));
    for (const count of [3, 17]) expect((await reader.upTo(count)).buffer).toBe(BYTES.buffer);
  });

  test("are as many as there are, from one to so many, and pieces of nothing are passed over", async () => {
    const none = new Uint8Array(0);
    const reader = new ByteReader(streamOf(none, BYTES.subarray(0, 4), none, none, BYTES.subarray(4, 6)));
    expect(await reader.some(3)).toEqual(BYTES.subarray(0, 3));
    expect(await reader.some(3)).toEqual(BYTES.subarray(3, 4));
    expect(await reader.some(3)).toEqual(BYTES.subarray(4, 6));
    expect(await reader.some(3)).toBeNull();
  });
});
