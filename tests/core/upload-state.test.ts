import { describe, expect, it } from "vitest";
import { uploadStateText } from "../../src/core/index.js";

const ID = "0123456789abcdef".repeat(2);

describe("the state of an upload, as it is signed,", () => {
  it.each([
    ["0", null, `postern upload 1\n${ID}\n0\n-\n`],
    ["5000", null, `postern upload 1\n${ID}\n5000\n-\n`],
    ["70000", "f".repeat(64), `postern upload 1\n${ID}\n70000\n${"f".repeat(64)}\n`],
  ])("has four lines: at %s with digest %s", (offset, digest, text) => {
    expect(uploadStateText({ id: ID, offset, digest })).toBe(text);
  });
});
