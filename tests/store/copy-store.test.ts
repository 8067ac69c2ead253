import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CopyTarget, copyStore, type FileStore, openFileStore } from "../../src/store/index.js";
import { removeFolder } from "../support/temporary.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-copy-"));
});
afterEach(() => removeFolder(folder));

const ANNA = "a".repeat(32);
const text = (contents: string) => new Blob([contents]).stream();
const on = (day: string) => () => new Date(`${day}T13:14:15Z`);
const open = (name: string, now?: () => Date) => openFileStore(join(folder, name), now);
const asSource = (store: FileStore) => ({ submissions: store, mailboxes: store.mailboxes });
const target =
  (name: string) =>
  async (now: () => Date): Promise<CopyTarget> =>
    asSource(await open(name, now));

/** A store with two submissions and two replies, of different days. */
async function fill(): Promise<FileStore> {
  for (const day of ["2026-03-01", "2026-05-20"]) {
    const store = await open("from", on(day));
    await store.put(text(`letter of ${day}`));
    await store.mailboxes.portalSalt();
    await store.mailboxes.putReply(ANNA, text(`reply of ${day}`));
  }
  return open("from");
}

async function contentsOf(store: FileStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, day } of store.list())
    found.push(`${id} ${day} ${await new Response(await store.get(id)).text()}`);
  for (const { id, day } of await store.mailboxes.listReplies(ANNA))
    found.push(`${id} ${day} ${await new Response(await store.mailboxes.getReply(ANNA, id)).text()}`);
  return found;
}

describe("a copied store", () => {
  it("has the same salt, submissions and replies, with their ids and days", async () => {
    const from = await fill();
    expect(await copyStore(asSource(from), target("to"))).toEqual({ submissions: 2, replies: 2, known: 0 });
    const to = await open("to");
    expect(await contentsOf(to)).toEqual(await contentsOf(from));
    expect((await contentsOf(to)).map((each) => each.split(" ")[1])).toEqual([
      ...["2026-03-01", "2026-05-20"],
      ...["2026-03-01", "2026-05-20"],
    ]);
    expect(await to.mailboxes.portalSalt()).toEqual(await from.mailboxes.portalSalt());
  });

  it("may be copied again, which adds what is new", async () => {
    const from = await fill();
    await copyStore(asSource(from), target("to"));
    await from.put(text("another"));
    expect(await copyStore(asSource(from), target("to"))).toEqual({ submissions: 1, replies: 0, known: 4 });
    expect(await contentsOf(await open("to"))).toEqual(await contentsOf(from));
  });

  it("is refused where another salt is already, and nothing is written", async () => {
    const from = await fill();
    const to = await open("to");
    const salt = await to.mailboxes.portalSalt();
    await expect(copyStore(asSource(from), target("to"))).rejects.toMatchObject({ code: "other_salt" });
    expect(await contentsOf(to)).toEqual([]);
    expect(await to.mailboxes.portalSalt()).toEqual(salt);
  });

  it("is refused where a submission of that id has another size", async () => {
    const from = await fill();
    for await (const { id } of from.list()) await (await open("to")).put(text("short"), id);
    await expect(copyStore(asSource(from), target("to"))).rejects.toMatchObject({ code: "differs" });
  });
});
