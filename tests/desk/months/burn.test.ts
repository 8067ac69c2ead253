import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { burnMonth, findMonths, readKeyLines, readMonth } from "../../../src/desk/months/index.js";
import {
  createMonthlyKey,
  type Month,
  type MonthlyKey,
  monthFileName,
  parseMonth,
  startOfMonth,
  unwrapMonth,
  wrapMonth,
} from "../../../src/months/index.js";
import { atLength } from "../../support/length.js";
import { canMountSmallDisk, withSmallDisk } from "../../support/small-disk.js";
import { removeFolder } from "../../support/temporary.js";

const PRELOAD = fileURLToPath(new URL("../../support/die-at-step.mjs", import.meta.url));
const MONTHS = fileURLToPath(new URL("../../../dist/desk/months/index.js", import.meta.url));
const OLD = "0123-4567-89ab-cdef-0123-4567-89ab-cdef";
const NEW = "aaaa-bbbb-cccc-dddd-eeee-ffff-0000-1111";
const NEXT = "2222-3333-4444-5555-6666-7777-8888-9999";
const [JANUARY, FEBRUARY, MARCH] = ["2026-01", "2026-02", "2026-03"].map(parseMonth) as [Month, Month, Month];
const SMALL_DISK = canMountSmallDisk("burning on a full disk");

let key: MonthlyKey;
let whole: string;
let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const burn = (month: Month, newKeyLine = NEW) =>
  burnMonth({ month, folder: inside("months"), keyFile: inside("key-file"), newKeyLine });
const secretOf = (month: Month) => key.months.find((each) => each.month === month)?.secretKey;

beforeAll(async () => {
  whole = await mkdtemp(join(tmpdir(), "postern-burn-"));
  key = await createMonthlyKey({ userId: { name: "x" }, passphrase: "x", count: 3, now: startOfMonth(JANUARY) });
  await mkdir(join(whole, "months"));
  await writeFile(join(whole, "key-file"), `${OLD}\n`);
  for (const { month, secretKey } of key.months) {
    await writeFile(join(whole, "months", monthFileName(key.fingerprint, month)), await wrapMonth(secretKey, OLD));
  }
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-burn-"));
  await cp(whole, cwd, { recursive: true });
  return () => removeFolder(cwd);
});
afterAll(() => removeFolder(whole));

/** The months that can be opened with what lies there, as `postern open` reads it. */
async function opens(): Promise<Month[]> {
  const lines = await readKeyLines(inside("key-file"));
  const opened: Month[] = [];
  for (const file of await findMonths(inside("months"))) {
    if ((await readMonth(file, lines).catch(() => null)) === secretOf(file.month)) opened.push(file.month);
  }
  return opened;
}

/** Whether any file opens with any line that lies there to the secret of `month`. */
async function leadsTo(month: Month): Promise<boolean> {
  const files = [...(await readdir(inside("months"))).map((name) => inside("months", name))];
  const lines = (await readdir(cwd)).filter((name) => name.startsWith("key-file") && !name.endsWith(".lock"));
  for (const line of lines) {
    const text = (await readFile(inside(line), "utf8")).trim();
    for (const file of files) {
      if ((await unwrapMonth(await readFile(file), text).catch(() => null)) === secretOf(month)) return true;
    }
  }
  return false;
}

/** Burns January in a process that dies at a step. Returns how many steps there were, or null if it died. */
function burnAndDie(dieAt: number): Promise<number | null> {
  const program = `const { burnMonth } = await import(${JSON.stringify(MONTHS)});
    await burnMonth({ month: "2026-01", folder: "months", keyFile: "key-file", newKeyLine: ${JSON.stringify(NEW)} });`;
  const words = ["--import", PRELOAD, "--input-type=module", "--eval", program];
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? "", DIE_AT: String(dieAt) };
    execFile(process.execPath, words, { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve(Number(stdout));
      else if (error.signal === "SIGKILL") resolve(null);
      else reject(new Error(stderr));
    });
  });
}

describe("burning a month", () => {
  it("loses no other month when it is killed at any step, and is finished by running it again", async () => {
    const steps = await burnAndDie(0);
    expect(steps).toBeGreaterThan(30);
    for (let step = 1; step <= (steps ?? 0); step += atLength(6, 1)) {
      await rm(cwd, { recursive: true });
      await cp(whole, cwd, { recursive: true });
      expect(await burnAndDie(step), `step ${step}`).toBeNull();
      // The process that died holds its lock no longer.
      await rm(inside("key-file.lock"), { recursive: true, force: true });
      expect(await opens(), `step ${step}`).toEqual(expect.arrayContaining([FEBRUARY, MARCH]));
      // What it destroyed before it died cannot be destroyed again.
      await burn(JANUARY, NEXT).catch((cause: { code?: string }) => expect(cause.code).toBe("no_such_month"));
      expect(await opens(), `step ${step}`).toEqual([FEBRUARY, MARCH]);
      expect(await leadsTo(JANUARY), `step ${step}`).toBe(false);
      expect((await readdir(cwd)).sort(), `step ${step}`).toEqual(["key-file", "months"]);
      expect(await readdir(inside("months"))).toHaveLength(2);
    }
  }, 300_000);

  it("leaves nothing of a month that an interrupted burning of another one had wrapped anew", async () => {
    await writeFile(inside("key-file.new"), `${NEW}\n`);
    const name = monthFileName(key.fingerprint, FEBRUARY);
    await writeFile(inside("months", `${name}.new`), await wrapMonth(secretOf(FEBRUARY) ?? "", NEW));
    expect(await leadsTo(FEBRUARY)).toBe(true);
    expect(await burn(FEBRUARY, NEXT)).toBe(2);
    expect(await leadsTo(FEBRUARY)).toBe(false);
    expect(await opens()).toEqual([JANUARY, MARCH]);
    expect(await readFile(inside("key-file"), "utf8")).toBe(`${NEW}\n`);
  });

  it("goes on over a torn key-file that an interrupted one left", async () => {
    for (const torn of ["", "aaaa-bb", "aaaa-bbbb-cccc-dddd-eeee-ffff-0000-111\0"]) {
      await rm(cwd, { recursive: true });
      await cp(whole, cwd, { recursive: true });
      await writeFile(inside("key-file.new"), torn);
      expect(await burn(JANUARY)).toBe(2);
      expect(await opens()).toEqual([FEBRUARY, MARCH]);
    }
  });

  it("refuses where a file holds the secret of another month than its name says, and changes nothing", async () => {
    const [first, second] = [JANUARY, FEBRUARY].map((month) => inside("months", monthFileName(key.fingerprint, month)));
    await rename(first ?? "", inside("kept"));
    await rename(second ?? "", first ?? "");
    await rename(inside("kept"), second ?? "");
    const before = await Promise.all([first, second].map((path) => readFile(path ?? "")));
    for (const month of [JANUARY, FEBRUARY, MARCH]) {
      await expect(burn(month)).rejects.toMatchObject({ code: "other_month" });
    }
    expect(await Promise.all([first, second].map((path) => readFile(path ?? "")))).toEqual(before);
    expect((await readdir(cwd)).filter((name) => name !== "kept").sort()).toEqual(["key-file", "months"]);
  });

  it.each([
    ["garbage", async () => Buffer.alloc(900, 7), "damaged"],
    ["nothing", async () => Buffer.alloc(0), "damaged"],
    ["something else than a key", async () => Buffer.from(await wrapMonth("no key", OLD)), "other_month"],
    [
      "a month of another key-file",
      async () => Buffer.from(await wrapMonth(secretOf(MARCH) ?? "", NEXT)),
      "wrong_key_file",
    ],
  ])("refuses where a month that stays is %s, so that nothing is lost unnoticed", async (_what, bytes, code) => {
    const path = inside("months", monthFileName(key.fingerprint, MARCH));
    await writeFile(path, await bytes());
    await expect(burn(JANUARY)).rejects.toMatchObject({ code });
    expect(await opens()).toEqual([JANUARY, FEBRUARY]);
    expect((await readdir(cwd)).sort()).toEqual(["key-file", "months"]);
    expect(await readdir(inside("months"))).toHaveLength(3);
  });

  it("names a burnt month that was restored from a copy: the new key-file does not open it", async () => {
    const name = monthFileName(key.fingerprint, JANUARY);
    await copyFile(inside("months", name), inside("copy"));
    await burn(JANUARY);
    await copyFile(inside("copy"), inside("months", name));
    expect(await opens()).toEqual([FEBRUARY, MARCH]);
    expect(await leadsTo(JANUARY)).toBe(false);
    await expect(burn(FEBRUARY, NEXT)).rejects.toMatchObject({
      code: "wrong_key_file",
      message: expect.stringContaining("a copy from before a burning"),
    });
    expect(await opens()).toEqual([FEBRUARY, MARCH]);
  });

  it("does nothing without the key-file", async () => {
    await rm(inside("key-file"));
    await expect(burn(JANUARY)).rejects.toMatchObject({ code: "no_key_file" });
    expect((await readdir(cwd)).sort()).toEqual(["months"]);
    await writeFile(inside("key-file"), "x\n");
    await expect(burn(JANUARY)).rejects.toMatchObject({ code: "no_key_file" });
    expect(await readdir(inside("months"))).toHaveLength(3);
  });

  it("lets one burning wait for the other", async () => {
    const both = await Promise.all([burn(JANUARY, NEW), burn(FEBRUARY, NEXT)]);
    expect(both.sort()).toEqual([1, 2]);
    expect(await opens()).toEqual([MARCH]);
    const same = await Promise.allSettled([burn(MARCH, OLD), burn(MARCH, NEW)]);
    expect(same.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await readdir(inside("months"))).toEqual([]);
  });

  it.runIf(SMALL_DISK)("changes nothing where the disk is full, at any amount of room", async () => {
    for (const free of [0, 1, 2]) {
      await withSmallDisk(inside("small"), "40k", async () => {
        const folder = inside("small", "months");
        const keyFile = inside("small", "key-file");
        await cp(inside("months"), folder, { recursive: true });
        await copyFile(inside("key-file"), keyFile);
        const fill: string[] = [];
        for (let count = 0; ; count += 1) {
          const path = inside("small", `fill-${count}`);
          const full = await writeFile(path, Buffer.alloc(4096)).then(
            () => false,
            () => true,
          );
          if (full) break;
          fill.push(path);
        }
        await rm(inside("small", `fill-${fill.length}`), { force: true });
        for (const path of fill.slice(0, free)) await rm(path);
        const request = { month: JANUARY, folder, keyFile, newKeyLine: NEW };
        await expect(burnMonth(request), `${free} blocks`).rejects.toBeInstanceOf(Error);
        const lines = await readKeyLines(keyFile);
        expect(lines).toEqual([OLD]);
        const files = await findMonths(folder);
        expect(await Promise.all(files.map((file) => readMonth(file, lines)))).toEqual(
          key.months.map((each) => each.secretKey),
        );
        expect(await readdir(folder)).toHaveLength(3);
      });
    }
  });
});
