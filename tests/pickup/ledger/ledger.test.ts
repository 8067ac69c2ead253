import { createHash } from "node:crypto";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuditTrail, Ledger, StaffFolder } from "../../../src/pickup/index.js";
import { seeded } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";

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
afterEach(() => removeFolder(join(path, "..")));

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
    expect(await trail().verify(head)).toEqual({ count, head, cutOff: [] });
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

  describe("with a line that a crash cut off", () => {
    const file = () => join(path, "audit.jsonl");
    const whole = () => readFile(file(), "utf8");
    /** The last line up to each of a few places, the end of the file included. */
    const CUTS = [1, 2, 60, 200, -2, -1] as const;

    it.each(CUTS)("after %i of its characters is verified up to it, and tells of it", async (cut) => {
      const before = await lines();
      const { head } = await trail().verify();
      const torn = `${before.slice(0, 4).join("\n")}\n${before[4]?.slice(0, cut)}`;
      await writeFile(file(), torn);
      expect(await trail().verify()).toMatchObject({ count: 4, cutOff: [5] });
      await expect(trail().verify(head)).rejects.toMatchObject({ code: "head_missing" });
      expect(await whole(), "verifying writes nothing").toBe(torn);
    });

    it.each(CUTS)("after %i of its characters closes it by a chained entry, and goes on", async (cut) => {
      const before = await lines();
      await writeFile(file(), `${before.slice(0, 4).join("\n")}\n${before[4]?.slice(0, cut)}`);
      const { head } = await trail().verify();
      await trail().add({ who: "olha", action: "signed_in" });
      await trail().add({ who: "olha", action: "signed_out" });
      const after = await lines();
      expect(after[4]).toBe(before[4]?.slice(0, cut));
      expect(after.slice(5).map((line) => JSON.parse(line) as object)).toMatchObject([
        { who: "postern", action: "cut_off", count: 1, previous: head },
        { who: "olha", action: "signed_in" },
        { who: "olha", action: "signed_out" },
      ]);
      expect(await trail().verify(head)).toMatchObject({ count: 7, cutOff: [5] });
    });

    it("closes two of them, when the closing entry was cut off as well", async () => {
      await appendFile(file(), '{"at":"2026');
      await trail().add({ who: "olha", action: "signed_in" });
      const [torn, closing] = (await lines()).slice(5);
      await writeFile(file(), `${(await lines()).slice(0, 5).join("\n")}\n${torn}\n${closing?.slice(0, 100)}`);
      expect(await trail().verify()).toMatchObject({ count: 5, cutOff: [6, 7] });
      await trail().add({ who: "olha", action: "signed_in" });
      expect(await trail().verify()).toMatchObject({ count: 7, cutOff: [6, 7] });
      expect(JSON.parse((await lines())[7] ?? "")).toMatchObject({ action: "cut_off", count: 2 });
    });

    it("closes a block of zeros, as a power cut leaves it", async () => {
      await appendFile(file(), "\0".repeat(300));
      await trail().add({ who: "olha", action: "signed_in" });
      expect(await trail().verify()).toMatchObject({ count: 7, cutOff: [6] });
    });

    it("verifies a trail of version 0.1.0, whose next entry names the digest of that line", async () => {
      const torn = '{"at":"2026-11';
      const previous = createHash("sha256").update(torn).digest("hex");
      const text = JSON.stringify({ at: "2026-11-23T14", who: "olha", action: "collected", previous });
      const hash = createHash("sha256").update(text).digest("hex");
      await appendFile(file(), `${torn}\n${text.slice(0, -1)},"hash":"${hash}"}\n`);
      expect(await trail().verify()).toEqual({ count: 6, head: hash, cutOff: [6] });
    });

    it("does not verify once the cut-off line, its closing entry or a line before is changed or removed", async () => {
      await appendFile(file(), '{"at":"2026');
      await trail().add({ who: "olha", action: "signed_in" });
      const all = await lines();
      for (const changed of [
        all.with(5, "x"),
        all.with(6, all[6]?.replace('"count":1', '"count":2') ?? ""),
        all.with(4, all[4]?.replace("olha", "eve") ?? ""),
        all.toSpliced(4, 1),
        all.toSpliced(5, 1),
        all.toSpliced(6, 1),
        all.toSpliced(5, 0, "y"),
        all.toSpliced(3, 0, "y"),
      ]) {
        await writeFile(file(), `${changed.join("\n")}\n`);
        await expect(trail().verify(), changed.join("\n")).rejects.toMatchObject({ code: "broken" });
      }
    });
  });

  it("shows a cut-off end with a head noted before", async () => {
    const { head } = await trail().verify();
    await writeFile(join(path, "audit.jsonl"), `${(await lines()).slice(0, -1).join("\n")}\n`);
    await expect(trail().verify(head)).rejects.toMatchObject({ code: "head_missing" });
  });
});
