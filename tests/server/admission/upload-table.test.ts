import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UploadTable } from "../../../src/server/admission/upload-table.js";

let now = 0;
beforeEach(() => {
  now = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** Begins uploads of `visitor` until there may be no more. Returns how many there are. */
function fill(table: UploadTable, visitor: string | null, name = String(visitor)): number {
  for (let count = 0; ; count += 1) {
    if (!table.mayBegin(visitor)) return count;
    table.begin(`${name} ${count}`, visitor);
  }
}

describe("how many uploads may be under way", () => {
  it.each<[max: number, share: number, visitor: string | null, count: number]>([
    [10, 3, "a", 3],
    [10, 1, "a", 1],
    // However large a share: a third of all for one visitor.
    [9, 9, "a", 3],
    [1, 1, "a", 1],
    [8, 1, null, 7],
    [16, 1, null, 14],
  ])("of %i with a share of %i, for %s: %i", (max, share, visitor, count) => {
    const table = new UploadTable({ max, share });
    expect([fill(table, visitor), table.size]).toEqual([count, count]);
    expect(table.mayBegin("another")).toBe(max > count);
    table.end(`${String(visitor)} 0`);
    expect(table.mayBegin(visitor)).toBe(true);
  });

  it("is not more because one is begun or ended twice", () => {
    const table = new UploadTable({ max: 10, share: 2 });
    table.begin("x", "a");
    table.begin("x", "a");
    table.begin("x", "b");
    expect([table.size, table.visitorOf("x")]).toEqual([1, "a"]);
    table.end("x");
    table.end("x");
    expect([table.size, table.visitorOf("x"), table.bytesOf("a"), fill(table, "a")]).toEqual([0, null, 0, 2]);
  });
});

describe("the bytes that visitors hold", () => {
  it("are those of their uploads, until those end", () => {
    const table = new UploadTable({ max: 10, share: 5 });
    table.begin("x", "a", 100);
    table.begin("y", "a");
    table.begin("z", null, 7);
    table.grow("y", 50);
    table.grow("unknown", 1_000);
    expect([table.bytesOf("a"), table.bytesOf(null), table.bytesOf("b")]).toEqual([150, 7, 0]);
    table.end("x");
    expect(table.bytesOf("a")).toBe(50);
    table.end("y");
    table.end("z");
    expect([table.bytesOf("a"), table.bytesOf(null)]).toEqual([0, 0]);
  });
});

describe("the uploads to give up", () => {
  const table = () => {
    const made = new UploadTable({ max: 10, share: 10 });
    for (const id of ["small", "large", "old"]) made.begin(id, "a");
    made.grow("small", 10);
    made.grow("large", 1_000);
    return made;
  };

  it.each([
    [4_999, []],
    [5_000, ["large", "small", "old"]],
    [5_001, ["large", "small", "old"]],
  ])("are after %i ms without a request: %j", (ms, ids) => {
    const made = table();
    now += ms;
    expect(made.idle()).toEqual(ids);
  });

  it("are none that a request is under way for, and wait anew after it", () => {
    const made = table();
    const ends = [made.use("large"), made.use("large")];
    expect(made.active).toBe(2);
    now += 60_000;
    expect(made.idle()).toEqual(["small", "old"]);
    ends[0]?.();
    expect([made.active, made.idle()]).toEqual([1, ["small", "old"]]);
    ends[1]?.();
    now += 4_999;
    expect(made.idle()).not.toContain("large");
    now += 1;
    expect(made.idle()).toContain("large");
    expect(made.active).toBe(0);
  });

  it("hold nothing when a request ends that was for none, or for one that is gone", () => {
    const made = table();
    made.use("unknown")();
    const end = made.use("small");
    made.end("small");
    end();
    expect([made.active, made.size]).toEqual([0, 2]);
  });
});
