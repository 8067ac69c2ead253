import { describe, expect, it } from "vitest";
import { arrivalSeconds, isPickupName, readPickupManifest } from "../../src/cases/index.js";

const [A, B] = ["a", "b"].map((digit) => `${digit.repeat(32)}.tar.gpg`);
const SHA256 = "0".repeat(64);

describe("a download from the pickup pages", () => {
  it.each([
    ["submissions-2026-11-23.tar", true],
    ["submissions-.tar", false],
    [`submissions-${"x".repeat(101)}.tar`, false],
    ["other.tar", false],
    ["submissions-2026-11-23.tar.gz", false],
  ])("is called %s: %s", (name, expected) => {
    expect(isPickupName(name)).toBe(expected);
  });

  it("lists its files as sha256sum does", () => {
    expect(readPickupManifest(`${SHA256}  ${A}\n${SHA256} *${B}\n`)).toEqual(
      new Map([A, B].map((name) => [name, SHA256])),
    );
    expect(readPickupManifest("")).toEqual(new Map());
  });

  it.each([
    ["another line", "hello\n"],
    ["a name twice", `${SHA256}  ${A}\n${SHA256}  ${A}\n`],
    ["a path", `${SHA256}  ../${A}\n`],
    ["capitals", `${"F".repeat(64)}  ${A}\n`],
  ])("is none of ours with %s", (_what, text) => {
    expect(readPickupManifest(text)).toBeNull();
  });

  it.each([
    [0, 0],
    [253_402_300_799, 253_402_300_799],
    [253_402_300_800, 253_402_300_799],
  ])("has days that every calendar knows: %i", (seconds, expected) => {
    expect(arrivalSeconds(seconds)).toBe(expected);
  });
});
