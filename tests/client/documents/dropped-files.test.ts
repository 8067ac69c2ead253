import { describe, expect, it } from "vitest";
import { readDropped } from "../../../src/client/documents/dropped-files.js";
import { droppedItems } from "../../../src/client/dropped-item.js";

/** What a browser gives of a file or folder: folders list at most two entries at a time. */
type Tree = File | { readonly name: string; readonly entries: readonly Tree[] | "unreadable" };

function entryOf(tree: Tree): FileSystemEntry {
  if (tree instanceof File) {
    const file = (done: (file: File) => void) => done(tree);
    return { name: tree.name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    let at = 0;
    return {
      readEntries(done: (entries: FileSystemEntry[]) => void, fail: (cause: unknown) => void) {
        if (tree.entries === "unreadable") return fail(new DOMException("no", "NotReadableError"));
        done(tree.entries.slice(at, at + 2).map(entryOf));
        at += 2;
      },
    };
  };
  return { name: tree.name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

/** A drop whose contents are gone as soon as the event is over, as in browsers. */
function drop(trees: readonly Tree[], how: "entries" | "files" = "entries"): DataTransfer {
  let over = false;
  queueMicrotask(() => {
    over = true;
  });
  const once = <Value>(value: Value) => (over ? null : value);
  const items = trees.map((tree) => ({
    kind: "file",
    getAsFile: () => once(tree instanceof File ? tree : unreadable(tree.name)),
    ...(how === "entries" && { webkitGetAsEntry: () => once(entryOf(tree)) }),
  }));
  return { items: [...items, { kind: "string" }] } as unknown as DataTransfer;
}

/** A folder where the browser passes it off as a file. */
function unreadable(name: string): File {
  const file = new File([], name);
  const slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("a folder", "NotFoundError")) });
  return Object.assign(file, { slice });
}

const file = (name: string) => new File(["x"], name);
const files = (count: number) => Array.from({ length: count }, (_none, index) => file(`${index}`));
const dropped = async (trees: readonly Tree[], maxFiles = 5, how?: "files") => {
  const found = await readDropped(droppedItems(drop(trees, how)), maxFiles);
  return [found.files.map(({ name }) => name), found.refused.map(({ name, fault }) => `${name}: ${fault}`)];
};

describe("what is dropped on the page", () => {
  it("is the files, and those of folders and folders inside, in order", async () => {
    const folder = { name: "docs", entries: [file("b"), { name: "in", entries: [file("d")] }, file("c"), file("e")] };
    expect(await dropped([file("a"), folder, file("f")])).toEqual([["a", "b", "c", "e", "d", "f"], []]);
  });

  it("has no files that systems put into folders by themselves", async () => {
    const folder = { name: "docs", entries: [file(".DS_Store"), file("Thumbs.db"), file("desktop.ini"), file(".a")] };
    expect(await dropped([folder])).toEqual([[".a"], []]);
  });

  it.each<[string, Tree, string]>([
    ["empty", { name: "docs", entries: [] }, "docs: empty"],
    ["empty but for folders", { name: "docs", entries: [{ name: "in", entries: [] }] }, "docs: empty"],
    ["full", { name: "docs", entries: files(6) }, "docs: too-many"],
    ["not readable", { name: "docs", entries: "unreadable" }, "docs: unreadable"],
    ["not readable inside", { name: "docs", entries: [{ name: "in", entries: "unreadable" }] }, "docs: unreadable"],
  ])("is refused by name, and nothing taken of it, if a folder is %s", async (_what, folder, refusal) => {
    expect(await dropped([folder, file("a")])).toEqual([["a"], [refusal]]);
  });

  it("may be a folder with exactly as many files as can be sent", async () => {
    expect((await dropped([{ name: "docs", entries: files(5) }]))[0]).toHaveLength(5);
  });

  it("is read to the end only as far as can be sent, however much a folder holds", async () => {
    const endless: Tree = { name: "in", entries: files(2) };
    const folder = { name: "docs", entries: Array.from({ length: 100_000 }, () => endless) };
    expect(await dropped([folder])).toEqual([[], ["docs: too-many"]]);
  });

  it("is refused by name in browsers that pass a folder off as a file", async () => {
    expect(await dropped([{ name: "docs", entries: [file("b")] }, file("a")], 5, "files")).toEqual([
      ["a"],
      ["docs: unreadable"],
    ]);
  });

  it("may be no file at all", async () => {
    expect(await dropped([])).toEqual([[], []]);
  });
});
