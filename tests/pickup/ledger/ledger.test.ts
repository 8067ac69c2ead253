import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuditTrail, Ledger, StaffFolder } from "../../../src/pickup/index.js";
import { seeded } from "../../support/seed.js";

const id = (digit: string) => digit.repeat(32);
const SHA256 = "ab".repeat(32);
const collected = (submission: string, by = "olha", day = "2026-11-23") =>
  ({ kind: "collected", id: submission, sha256: SHA256, by, day }) as const;

let path: string;
let folder: StaffFolder;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "postern-staff-")), "staff");
  folder = await StaffFolder.open(path);
});
afterEach(() => rm(join(path, ".."), { recursive: true, force: true }));

describe("the staff folder", () => {
  it("is private to its owner, and refused otherwise", async () => {
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await folder.write("x", "y");
    expect((await stat(join(path, "x"))).mode & 0o777).toBe(0o600);
    await chmod(path, 0o750);
    await expect(StaffFolder.open(path)).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining("chmod 700"),
    });
  });

  it("serializes concurrent changes", async () => {
    const others = await Promise.all([StaffFolder.open(path), StaffFolder.open(path), StaffFolder.open(path)]);
    const count = async (one: StaffFolder) =>
      one.change(async () => one.write("count", String(Number((await one.read("count")) ?? "0") + 1)));
    await Promise.all(others.flatMap((one) => [count(one), count(one), count(one), count(one)]));
    expect(await folder.read("count")).toBe("12");
  });

  it("is unlocked when its process was killed", async () => {
    // A killed process leaves a stale lock.
    await mkdir(join(path, ".lock"));
    const old = new Date(Date.now() - 60_000);
    const { utimes } = await import("node:fs/promises");
    await utimes(join(path, ".lock"), old, old);
    await folder.change(() => folder.write("x", "y"));
    expect(await readdir(path)).toEqual(["x"]);
  });
});

describe("the ledger", () => {
  it("has the progress of each submission, for other processes too", async () => {
    const ledger = new Ledger(folder);
    await ledger.add([collected(id("a")), collected(id("b"))]);
    await ledger.add([{ kind: "opened", id: id("a"), sha256: SHA256, day: "2026-11-24" }]);
    const state = await new Ledger(await StaffFolder.open(path)).read();
    expect(state.of(id("a"))).toMatchObject({ collected: { by: "olha", day: "2026-11-23" }, opened: "2026-11-24" });
    expect([id("a"), id("b"), id("c")].map((each) => state.isNew(each))).toEqual([false, false, true]);
  });

  it("keeps who collected first, and forgets removed submissions", async () => {
    const ledger = new Ledger(folder);
    await ledger.add([collected(id("a"), "first", "2026-11-01"), collected(id("a"), "second")]);
    expect((await ledger.read()).of(id("a")).collected).toMatchObject({ by: "first", day: "2026-11-01" });
    await ledger.add([{ kind: "removed", id: id("a") }]);
    expect((await ledger.read()).isNew(id("a"))).toBe(true);
  });

  it("ignores a truncated line, which does not damage the next", async () => {
    const ledger = new Ledger(folder);
    await ledger.add([collected(id("a"))]);
    await appendFile(join(path, "ledger.jsonl"), JSON.stringify(collected(id("b"))).slice(0, 60));
    expect((await ledger.read()).isNew(id("b"))).toBe(true);
    await ledger.add([collected(id("c"))]);
    const state = await ledger.read();
    expect([id("a"), id("b"), id("c")].map((each) => state.isNew(each))).toEqual([false, true, false]);
  });

  it("can be read whatever the file contains", async () => {
    const line = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(collected(id("a")))));
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        await writeFile(join(path, "ledger.jsonl"), lines.join("\n"));
        await new Ledger(folder).read();
      }),
      seeded(300),
    );
  });
});

describe("the audit trail", () => {
  const trail = () => new AuditTrail(folder, () => new Date("2026-11-23T14:35:16Z"));
  const lines = async () => (await readFile(join(path, "audit.jsonl"), "utf8")).trimEnd().split("\n");
  const actions = ["signed_in", "collected", "acknowledged", "deleted", "signed_out"] as const;
  beforeEach(async () => {
    for (const action of actions) await trail().add({ who: "olha", action, count: 2 });
  });

  it("verifies, with times to the hour", async () => {
    const { count, head } = await trail().verify();
    expect([count, head.length]).toEqual([5, 64]);
    expect(await trail().verify(head)).toEqual({ count, head });
    for (const line of await lines()) expect(line).toMatch(/^\{"at":"2026-11-23T14",/);
  });

  it("verifies after concurrent writes", async () => {
    const others = [await StaffFolder.open(path), await StaffFolder.open(path)].map((each) => new AuditTrail(each));
    await Promise.all(
      others.flatMap((each) => Array.from({ length: 5 }, () => each.add({ who: "x", action: "collected" }))),
    );
    expect(await trail().verify()).toMatchObject({ count: 15 });
  });

  it.each(actions.map((_action, index) => index))(
    "does not verify once line %i is changed, removed or doubled",
    async (index) => {
      const whole = await lines();
      const write = (changed: readonly string[]) => writeFile(join(path, "audit.jsonl"), `${changed.join("\n")}\n`);
      const line = whole[index] ?? "";
      for (const other of [
        line.replace("olha", "iryna"),
        line.replace('"count":2', '"count":1'),
        line.replace("T14", "T15"),
        "{}",
        "x",
      ]) {
        await write(whole.with(index, other));
        await expect(trail().verify()).rejects.toMatchObject({ code: "broken" });
      }
      await write([...whole.slice(0, index), line, ...whole.slice(index)]);
      await expect(trail().verify()).rejects.toMatchObject({ code: "broken" });
      await write([...whole.slice(0, index), ...whole.slice(index + 1)]);
      if (index < whole.length - 1) await expect(trail().verify()).rejects.toMatchObject({ code: "broken" });
    },
  );

  it("shows a cut-off end with a head noted before", async () => {
    const { head } = await trail().verify();
    await writeFile(join(path, "audit.jsonl"), `${(await lines()).slice(0, -1).join("\n")}\n`);
    await expect(trail().verify(head)).rejects.toMatchObject({ code: "head_missing" });
  });
});
