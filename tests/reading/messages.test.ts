import { describe, expect, it } from "vitest";
import { readResponse } from "../../src/reading/messages.js";

describe("what a worker posts, which has read hostile input", () => {
  it("is taken where it is a response", () => {
    expect(readResponse({ kind: "opened", pages: 3, more: 1 })).toEqual({ kind: "opened", pages: 3 });
    expect(readResponse({ kind: "failed", fault: "locked" })).toEqual({ kind: "failed", fault: "locked" });
  });

  it.each([
    null,
    "opened",
    [],
    {},
    { kind: "opened" },
    { kind: "opened", pages: 0 },
    { kind: "opened", pages: 1.5 },
    { kind: "opened", pages: "3" },
    { kind: "drawn", bitmap: { width: 1, height: 1 } },
    { kind: "failed" },
    { kind: "failed", fault: "slow" },
    { kind: "failed", fault: "<b>" },
    { kind: "other" },
  ])("is nothing otherwise: %j", (message) => {
    expect(readResponse(message)).toBeNull();
  });
});
