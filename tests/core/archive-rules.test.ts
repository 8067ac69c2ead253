import { describe, expect, test } from "vitest";
import { SUBMISSION_LAYOUT } from "../../src/core/archive-layout.js";
import { ARCHIVE_LIMITS, ArchiveRules, BLOCK_BYTES, fillOf } from "../../src/core/archive-rules.js";
import { codeOf } from "../support/bytes.js";

const rules = () => new ArchiveRules(ARCHIVE_LIMITS, SUBMISSION_LAYOUT);
const zeros = (length: number) => new Uint8Array(length);

describe("the last block of a body", () => {
  test.each([
    [0, 0],
    [1, 511],
    [511, 1],
    [512, 0],
    [513, 511],
  ])("of %i bytes is filled with %i zeros", (size, fill) => {
    expect(fillOf(size)).toBe(fill);
    expect(() => rules().afterBody(zeros(fill), size)).not.toThrow();
  });

  test.each([1, 511, 513])("of %i bytes is truncated where a zero is missing", async (size) => {
    expect(await codeOf(() => rules().afterBody(zeros(fillOf(size) - 1), size))).toBe("truncated");
  });
});

describe("the end mark", () => {
  test.each([
    [0, "truncated"],
    [BLOCK_BYTES - 1, "truncated"],
  ])("is cut off with a second block of %i bytes", async (length, code) => {
    expect(await codeOf(() => rules().endMark(zeros(length)))).toBe(code);
    expect(() => rules().endMark(zeros(BLOCK_BYTES))).not.toThrow();
  });
});
