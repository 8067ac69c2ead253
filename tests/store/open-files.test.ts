import type { FileHandle } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenFiles } from "../../src/store/open-files.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Stands for an open file. */
const file = (name: string) => ({ name }) as unknown as FileHandle;

function kept() {
  const ended: unknown[] = [];
  const files = new OpenFiles(async (one) => void ended.push(Reflect.get(one, "name")));
  return { files, ended };
}

describe("idle open files", () => {
  it("can be taken once, and are then not closed", async () => {
    const { files, ended } = kept();
    const a = file("a");
    files.put("a", a);
    expect(files.take("a")).toBe(a);
    expect(files.take("a")).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended).toEqual([]);
  });

  it("are closed after two idle seconds, each at its time", async () => {
    const { files, ended } = kept();
    files.put("a", file("a"));
    await vi.advanceTimersByTimeAsync(1_500);
    files.put("b", file("b"));
    await vi.advanceTimersByTimeAsync(600);
    expect(ended).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(ended).toEqual(["a", "b"]);
    expect(files.take("b")).toBeNull();
  });

  it("number at most 256, one per name", () => {
    const { files, ended } = kept();
    for (let number = 0; number < 257; number += 1) files.put(String(number), file(String(number)));
    expect(ended).toEqual(["0"]);
    files.put("256", file("another"));
    expect(ended).toEqual(["0", "256"]);
  });
});
