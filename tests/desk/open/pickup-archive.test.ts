import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPickupArchives, unpackPickup } from "../../../src/desk/open/index.js";
import { codeOf } from "../../support/bytes.js";
import { makePickupDownload } from "../../support/pickup-download.js";
import { Random } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";

const DAY = "2026-11-23";
let folder: string;
let archive: Buffer;
let contents: ReadonlyMap<string, Buffer>;
const inside = (...path: readonly string[]) => join(folder, ...path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-pickup-archive-"));
  ({ archive, contents } = await makePickupDownload(folder, DAY));
});
afterEach(() => removeFolder(folder));

const unpack = async (bytes: Uint8Array) => {
  await writeFile(inside("submissions-2026-11-23.tar"), bytes);
  return unpackPickup(inside("submissions-2026-11-23.tar"), inside("cases"));
};
/** A tar of `files` as GNU tar makes it. */
const tarOf = async (files: Readonly<Record<string, string>>) => {
  await rm(inside("in"), { recursive: true, force: true });
  await mkdir(inside("in"));
  for (const [name, text] of Object.entries(files)) await writeFile(inside("in", name), text);
  return execFileSync("tar", ["-C", inside("in"), "--format=ustar", "-cf", "-", ...Object.keys(files)]);
};
const refusal = async (bytes: Uint8Array) => {
  const code = await codeOf(() => unpack(bytes));
  expect(await readdir(inside("cases"))).toEqual([]);
  return code;
};

describe("a download from the pickup pages", () => {
  it("is unpacked with its days, for the owner only, once MANIFEST.txt agrees", async () => {
    const { files } = await unpack(archive);
    expect(files.map((path) => path.split("/").at(-1))).toEqual([...contents.keys()].sort());
    for (const path of files) {
      expect((await readFile(path)).equals(contents.get(path.split("/").at(-1) ?? "") ?? Buffer.from("?"))).toBe(true);
      const about = await stat(path);
      expect([about.mode & 0o777, about.mtime.toISOString()]).toEqual([0o600, `${DAY}T00:00:00.000Z`]);
    }
  });

  it("is found by its ending, and in a folder by its name", async () => {
    await mkdir(inside("inbox"));
    await writeFile(inside("inbox/submissions-2026-11-23.tar"), archive);
    await writeFile(inside("inbox/other.tar"), archive);
    expect(await findPickupArchives([inside("inbox"), "x.tar", "y.gpg"])).toEqual([
      inside("inbox/submissions-2026-11-23.tar"),
      "x.tar",
    ]);
  });

  it("leaves nothing of one that broke off, wherever it did", async () => {
    const random = new Random("broken downloads");
    // The manifest and the end mark take the last blocks.
    for (let count = 0; count < 30; count += 1) {
      expect(await refusal(archive.subarray(0, random.integer(0, archive.length - 4 * 512)))).toBe("incomplete");
    }
  });

  it("leaves nothing of one with a changed byte in a submission", async () => {
    const at = archive.indexOf("b".repeat(1_000)) + 70_000;
    const changed = Buffer.from(archive);
    changed[at] = 0x63;
    expect(await refusal(changed)).toBe("not_the_same");
  });

  const ID = `${"a".repeat(32)}.tar.gpg`;
  const line = (text: string, name = ID) => `${createHash("sha256").update(text).digest("hex")}  ${name}\n`;
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["another file", "not_a_pickup", { [ID]: "x", "run.sh": "x", "MANIFEST.txt": line("x") }],
    ["a file after the manifest", "not_a_pickup", { "MANIFEST.txt": line("x"), [ID]: "x" }],
    ["a file that the manifest lacks", "not_the_same", { [ID]: "x", "MANIFEST.txt": "" }],
    ["a manifest with one more", "not_the_same", { "MANIFEST.txt": line("x") }],
    ["a manifest with a path", "not_a_pickup", { [ID]: "x", "MANIFEST.txt": line("x", "../x.tar.gpg") }],
    ["a manifest with a line twice", "not_a_pickup", { [ID]: "x", "MANIFEST.txt": line("x") + line("x") }],
    ["no manifest", "incomplete", { [ID]: "x" }],
  ])("is refused with %s: %s", async (_what, code, files) => {
    expect(await refusal(await tarOf(files))).toBe(code);
  });

  it.each([
    ["a link", ["ln", "-s", "/etc/passwd", ID]],
    ["a folder of that name", ["mkfifo", ID]],
  ])("is refused with %s", async (_what, [program = "", ...words]) => {
    await tarOf({ "MANIFEST.txt": "" });
    execFileSync(program, words, { cwd: inside("in") });
    const tar = execFileSync("tar", ["-C", inside("in"), "--format=ustar", "-cf", "-", ID, "MANIFEST.txt"]);
    expect(await refusal(tar)).toBe("not_a_pickup");
  });

  it("is refused where it is no tar", async () => {
    expect(await refusal(Buffer.from("x".repeat(2_000)))).toBe("not_a_pickup");
    expect(await codeOf(() => unpackPickup(folder, inside("cases")))).toBe("unreadable");
  });
});
