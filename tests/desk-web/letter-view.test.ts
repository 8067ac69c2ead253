import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf } from "../../src/desk-web/letter-view.js";
import { seeded } from "../support/seed.js";

describe("a letter in blocks", () => {
  it.each([
    ["", 1],
    ["a", 1],
    ["a".repeat(10_000), 1],
    ["a".repeat(10_001), 2],
    ["a".repeat(100_000), 10],
    [`${"a".repeat(9_000)}\n`.repeat(3), 3],
    ["\n".repeat(20_001), 3],
  ])("is whole, and no block is long: %#", (text, count) => {
    const blocks = blocksOf(text);
    expect(blocks.join("")).toBe(text);
    expect(blocks).toHaveLength(count);
    for (const block of blocks) expect(block.length).toBeLessThanOrEqual(10_000);
  });

  it("is cut after lines where it has any, and never inside a character", () => {
    const line = `${"слово ".repeat(20)}\n`;
    for (const block of blocksOf(line.repeat(1_000))) expect(block.endsWith("\n")).toBe(true);
    for (const block of blocksOf(`a${"😀".repeat(30_000)}`)) {
      expect(block).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|^[\udc00-\udfff]/);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 9_990, maxLength: 10_010 }), (text) => {
        expect(blocksOf(text).join("")).toBe(text);
      }),
      seeded(50),
    );
  });
});
