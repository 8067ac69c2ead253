import { describe, expect, it } from "vitest";
import { readerAction } from "../../src/reading/reader-keys.js";

function done(event: Partial<KeyboardEvent>): string | null {
  const did: string[] = [];
  const act = readerAction({ key: "", code: "", ...event } as KeyboardEvent, {
    zoom: (steps) => void did.push(`zoom ${steps}`),
    whole: () => void did.push("whole"),
    turn: () => void did.push("turn"),
    magnify: () => void did.push("magnify"),
    move: (right, down) => void did.push(`move ${right} ${down}`),
    page: (by) => void did.push(`page ${by}`),
  });
  act?.();
  return did.join() || null;
}

describe("the keys of the reader", () => {
  it.each([
    [{ key: "+", code: "Equal" }, "zoom 1"],
    [{ key: "=", code: "Equal" }, "zoom 1"],
    [{ key: "+", code: "NumpadAdd" }, "zoom 1"],
    [{ key: "-", code: "Minus" }, "zoom -1"],
    [{ key: "0", code: "Digit0" }, "whole"],
    [{ key: "ArrowLeft", code: "ArrowLeft" }, "move -1 0"],
    [{ key: "ArrowDown", code: "ArrowDown" }, "move 0 1"],
    [{ key: "PageDown", code: "PageDown" }, "page 1"],
    [{ key: "PageUp", code: "PageUp" }, "page -1"],
  ])("do what they say: %j", (event, what) => {
    expect(done(event)).toBe(what);
  });

  it("are letters by their place, so that a Cyrillic layout has them as well", () => {
    expect(done({ key: "к", code: "KeyR" })).toBe("turn");
    expect(done({ key: "ь", code: "KeyM" })).toBe("magnify");
  });

  it("leave the browser its own, and what they do not know", () => {
    expect(done({ key: "r", code: "KeyR", ctrlKey: true })).toBeNull();
    expect(done({ key: "0", code: "Digit0", metaKey: true })).toBeNull();
    expect(done({ key: "x", code: "KeyX" })).toBeNull();
  });
});
