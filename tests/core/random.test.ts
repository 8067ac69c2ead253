import { describe, expect, it } from "vitest";
import { fromHex, randomHex, toHex } from "../../src/core/index.js";

describe("hex", () => {
  it.each([
    ["", []],
    ["00", [0]],
    ["0a10ff", [10, 16, 255]],
  ])("%j stands for the bytes %j, both ways", (hex, bytes) => {
    expect([...fromHex(hex)]).toEqual(bytes);
    expect(toHex(Uint8Array.from(bytes))).toBe(hex);
  });

  it.each(["0", "0A", "0g", " 00", "00\n", "0x00"])("%j stands for nothing", (hex) => {
    expect(() => fromHex(hex)).toThrow(RangeError);
  });

  it("is random, of the length asked for", () => {
    const drawn = Array.from({ length: 100 }, () => randomHex(16));
    for (const hex of drawn) expect(hex).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(randomHex(0)).toBe("");
  });
});
