import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FolderSync } from "../../src/store/folder-sync.js";

/** Syncs that have begun, each with what ends it. */
const syncs: { end: () => void; fail: (cause: Error) => void }[] = [];
vi.mock("../../src/files/index.js", () => ({
  syncFolder: () => new Promise<void>((end, fail) => void syncs.push({ end, fail })),
}));
beforeEach(() => void syncs.splice(0));
afterAll(() => vi.restoreAllMocks());

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a folder's sync", () => {
  it("serves no call made after it began, and all of those with the next one", async () => {
    const folder = new FolderSync("/");
    const done: string[] = [];
    const ask = (name: string) => folder.sync().then(() => done.push(name));
    const all = [ask("first"), ask("second"), ask("third")];
    await turn();
    expect(syncs).toHaveLength(1);
    syncs[0]?.end();
    await turn();
    expect(done).toEqual(["first"]);
    expect(syncs).toHaveLength(2);
    all.push(ask("fourth"));
    syncs[1]?.end();
    await turn();
    expect(done).toEqual(["first", "second", "third"]);
    expect(syncs).toHaveLength(3);
    syncs[2]?.end();
    await Promise.all(all);
    expect(done).toHaveLength(4);
  });

  it("fails the calls it served, and the next sync is tried", async () => {
    const folder = new FolderSync("/");
    const [first, second] = [folder.sync(), folder.sync()];
    const failed = expect(first).rejects.toThrow("the disk is gone");
    syncs[0]?.fail(new Error("the disk is gone"));
    await failed;
    await turn();
    syncs[1]?.end();
    await expect(second).resolves.toBeUndefined();
  });
});
