import { link, mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmission } from "../../src/core/index.js";
import {
  createMonthlyKey,
  type MonthlyKey,
  monthAfter,
  monthFileName,
  monthOf,
  startOfMonth,
  wrapMonth,
} from "../../src/months/index.js";
import { checkRecipient, encryptMessage } from "../../src/openpgp/index.js";
import { postern } from "../support/command.js";
import { certificateIn } from "../support/keys.js";
import { removeFolder } from "../support/temporary.js";

const PASSPHRASE = "correct horse";
const LINE = "0123-4567-89ab-cdef-0123-4567-89ab-cdef";
const LAST = monthAfter(monthOf(new Date()), -3);
/** Four months ago: over, with its two weeks. */
const FIRST = monthAfter(LAST, -1);
/** From the first to this one. */
const MONTHS = 5;

let cwd: string;
let key: MonthlyKey;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (...words: readonly string[]) => postern(words, { cwd });
const open = (out: string, ...words: readonly string[]) => openThese("inbox", out, ...words);
const openThese = (place: string, out: string, ...words: readonly string[]) =>
  run(
    "open",
    place,
    "--months",
    "months",
    "--key-file",
    "usb/key-file",
    "--passphrase-file",
    "passphrase",
    "--out",
    out,
    ...words,
  );
const burn = (...words: readonly string[]) =>
  run("keys", "burn", FIRST, "--secret", "months", "--key-file", "usb/key-file", ...words);
const contentsOf = async (folder: string) =>
  new Map(
    await Promise.all(
      (await readdir(inside(folder))).map(async (name) => [name, await readFile(inside(folder, name))] as const),
    ),
  );

/** A letter that was encrypted at `date` and arrived then. */
async function letterAt(id: string, date: Date): Promise<void> {
  const recipient = checkRecipient(await certificateIn(key.certificate), date);
  const { stream } = createSubmission({
    caseId: id.repeat(32),
    form: { id: "default", version: 1 },
    language: "ru",
    answers: {},
    letter: `letter ${id}\n`,
    documents: [],
    encryptedBy: "browser",
  });
  const path = inside("inbox", `${id.repeat(32)}.tar.gpg`);
  await writeFile(path, Buffer.from(await new Response(await encryptMessage(stream, [recipient], date)).arrayBuffer()));
  const day = new Date(`${date.toISOString().slice(0, 10)}T00:00:00Z`);
  await utimes(path, day, day);
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-months-"));
  await Promise.all(["months", "usb", "inbox", "kept"].map((name) => mkdir(inside(name))));
  await writeFile(inside("passphrase"), `${PASSPHRASE}\n`);
  await writeFile(inside("usb", "key-file"), `${LINE}\n`);
  const now = new Date(startOfMonth(FIRST).getTime() + 3_600_000);
  key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: PASSPHRASE, count: MONTHS, now });
  for (const { month, secretKey } of key.months) {
    await writeFile(inside("months", monthFileName(key.fingerprint, month)), await wrapMonth(secretKey, LINE));
  }
  await letterAt("a", new Date(startOfMonth(LAST).getTime() - 1000));
  await letterAt("b", startOfMonth(LAST));
  await letterAt("c", new Date());
});
afterAll(() => removeFolder(cwd));

describe("postern open with the secrets of months", () => {
  it("opens letters of each month", async () => {
    expect(await open("cases")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("3 opened, 0 opened before, 0 failed"),
    });
    expect(await readFile(inside("cases", "submission-bbbbbbbb", "letter.txt"), "utf8")).toBe("letter b\n");
  });

  it("opens a letter whose day of arrival says another month", async () => {
    const path = inside("inbox", `${"a".repeat(32)}.tar.gpg`);
    const { mtime } = await stat(path);
    const today = new Date();
    await utimes(path, today, today);
    const done = await openThese(path, "late");
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining("1 opened") });
    await utimes(path, mtime, mtime);
  });

  it("says what is missing", async () => {
    expect(await run("open", "inbox", "--months", "months")).toMatchObject({ code: 2 });
    expect(await open("none", "--gpg")).toMatchObject({ code: 2 });
    await writeFile(inside("usb", "other"), `${LINE.replace("0", "1")}\n`);
    const other = await run(
      "open",
      "inbox",
      "--months",
      "months",
      "--key-file",
      "usb/other",
      "--passphrase-file",
      "passphrase",
    );
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("the key-file does not open") });
  });
});

describe("postern keys burn", () => {
  const ledger = async (made: Date, unopened: Readonly<Record<string, number>>) => {
    const day = made.toISOString().slice(0, 10);
    await writeFile(inside("ledger"), JSON.stringify({ format: "postern-ledger", version: 1, made: day, unopened }));
  };
  const months = () => readdir(inside("months"));

  it("refuses a month that is not over, and one of which letters are unopened or nothing is known", async () => {
    const before = await contentsOf("months");
    expect(await burn()).toMatchObject({ code: 1, stderr: expect.stringContaining("give --ledger") });
    await ledger(startOfMonth(LAST), {});
    expect(await burn("--ledger", "ledger")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("was exported on"),
    });
    await ledger(new Date(), { [`${FIRST}-12`]: 2, [`${LAST}-14`]: 1, [`${LAST}-28`]: 5 });
    expect(await burn("--ledger", "ledger")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nobody has opened 3 of the letters"),
    });
    await writeFile(inside("ledger"), "{}");
    expect(await burn("--ledger", "ledger")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not what postern ledger writes"),
    });
    const current = await run("keys", "burn", monthOf(new Date()), "--secret", "months", "--key-file", "usb/key-file");
    expect(current).toMatchObject({ code: 1, stderr: expect.stringContaining("letters may be encrypted to") });
    expect(await run("keys", "burn", "2026-13")).toMatchObject({ code: 1 });
    expect(await contentsOf("months")).toEqual(before);
    expect(await readFile(inside("usb", "key-file"), "utf8")).toBe(`${LINE}\n`);
  });

  it("refuses with another key-file, and leaves everything as it was", async () => {
    await ledger(new Date(), {});
    const before = await contentsOf("months");
    const other = await run(
      "keys",
      "burn",
      FIRST,
      "--secret",
      "months",
      "--key-file",
      "usb/other",
      "--ledger",
      "ledger",
    );
    expect(other).toMatchObject({ code: 1 });
    expect(await contentsOf("months")).toEqual(before);
    expect((await readdir(inside("usb"))).sort()).toEqual(["key-file", "other"]);
  });

  it("destroys the month: what is left opens nothing of it, and no byte of it is on the medium", async () => {
    const before = await contentsOf("months");
    const burntName = monthFileName(key.fingerprint, FIRST);
    const burntFile = before.get(burntName) as Buffer;
    // Links keep the places where the bytes lay, as a disk that is searched would.
    for (const name of before.keys()) await link(inside("months", name), inside("kept", name));
    await link(inside("usb", "key-file"), inside("kept", "key-file"));
    const done = await burn("--ledger", "ledger");
    expect(done).toMatchObject({ code: 0, stdout: `${FIRST} is burnt; ${MONTHS - 1} months are left\n` });
    expect((await months()).sort()).toEqual([...before.keys()].filter((name) => name !== burntName).sort());
    expect((await readdir(inside("usb"))).sort()).toEqual(["key-file", "other"]);
    const newLine = (await readFile(inside("usb", "key-file"), "utf8")).trim();
    expect(newLine).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
    expect(newLine).not.toBe(LINE);
    const medium = [
      ...(await contentsOf("kept")).values(),
      ...(await contentsOf("months")).values(),
      ...(await contentsOf("usb")).values(),
    ];
    for (const bytes of medium) {
      expect(bytes.includes(LINE)).toBe(false);
      for (const old of before.values()) expect(bytes.includes(old.subarray(20, 52))).toBe(false);
    }
    expect(burntFile.length).toBeGreaterThan(500);
  });

  it("opens later months as before, and nothing of the burnt one, with everything that is left", async () => {
    const everything = await open("after");
    expect(everything.stderr).toContain("2 opened, 0 opened before, 1 failed");
    expect(everything.stderr).toContain(`${"a".repeat(32)}.tar.gpg`);
    // Even with the burnt file itself, as a flash medium may have kept it.
    const { unwrapMonth } = await import("../../src/months/index.js");
    const remembered = await wrapMonth(key.months[0]?.secretKey ?? "", LINE);
    const newLine = (await readFile(inside("usb", "key-file"), "utf8")).trim();
    await expect(unwrapMonth(remembered, newLine)).rejects.toMatchObject({ code: "wrong_key_file" });
    expect(await burn("--ledger", "ledger")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("there is no secret of"),
    });
  });

  it("goes on where it was interrupted: some months under the new key-file, some under the old one", async () => {
    const next = monthAfter(FIRST, 1);
    const old = (await readFile(inside("usb", "key-file"), "utf8")).trim();
    const begun = "aaaa-bbbb-cccc-dddd-eeee-ffff-0000-1111";
    await writeFile(inside("usb", "key-file.new"), `${begun}\n`);
    const half = key.months.slice(2, 4);
    for (const { month, secretKey } of half) {
      await writeFile(inside("months", monthFileName(key.fingerprint, month)), await wrapMonth(secretKey, begun));
    }
    expect(await open("between")).toMatchObject({ stderr: expect.stringContaining("2 opened") });
    const done = await run("keys", "burn", next, "--secret", "months", "--key-file", "usb/key-file", "--force");
    expect(done).toMatchObject({ code: 0, stdout: `${next} is burnt; ${MONTHS - 2} months are left\n` });
    expect(await readFile(inside("usb", "key-file"), "utf8")).toBe(`${begun}\n`);
    expect((await readdir(inside("usb"))).sort()).toEqual(["key-file", "other"]);
    expect(await open("between-2")).toMatchObject({ stderr: expect.stringContaining("1 opened") });
    expect(old).not.toBe(begun);
  });
});

describe("postern keys new --epochs and keys extend", () => {
  it("write a certificate, a primary key, a file for each month, and the key-file; extend adds months", async () => {
    const made = await run("keys", "new", "--name", "Appeals", "--epochs", "3", "--passphrase-file", "passphrase");
    expect(made).toMatchObject({ code: 0 });
    const names = (await readdir(inside("postern-secret"))).sort();
    const short = names[0]?.slice("postern-".length, "postern-".length + 16) ?? "";
    const first = monthOf(new Date());
    expect(names).toEqual(
      [0, 1, 2]
        .map((count) => `postern-${short}-${monthAfter(first, count)}.month`)
        .concat([`postern-${short}-primary.asc`, `postern-${short}-revocation.asc`]),
    );
    for (const name of names) expect((await stat(inside("postern-secret", name))).mode & 0o777).toBe(0o600);
    expect((await stat(inside("postern-key-file"))).mode & 0o777).toBe(0o600);
    const extended = await run(
      ...[
        "keys",
        "extend",
        "--certificate",
        `keys/${short}.asc`,
        "--primary",
        `postern-secret/postern-${short}-primary.asc`,
      ],
      ...["--epochs", "2", "--passphrase-file", "passphrase"],
    );
    expect(extended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`months       ${monthAfter(first, 3)} to ${monthAfter(first, 4)}`),
    });
    // Both versions lie there: the server merges them.
    expect(await readdir(inside("keys"))).toHaveLength(2);
    const checked = await run("keys", "check");
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(?:[0-9A-F]{4} ){10} expires /) });
  });

  it("write no secret where the portal serves or stores files, and nothing for the other profile", async () => {
    const words = ["keys", "new", "--name", "x", "--epochs", "2", "--passphrase-file", "passphrase"];
    expect(await run(...words, "--key-file", "keys/key-file", "--secret", "s2")).toMatchObject({ code: 1 });
    expect(await run(...words, "--key-file", "k2", "--secret", "keys/s2")).toMatchObject({ code: 1 });
    expect(await run(...words, "--profile", "rfc9580")).toMatchObject({ code: 2 });
    expect(await run(...words, "--expires", "2y")).toMatchObject({ code: 2 });
    await expect(stat(inside("s2"))).rejects.toThrow();
  });
});
