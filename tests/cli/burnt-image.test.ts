import { mkdirSync, mkdtempSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decryptKey, readPrivateKey } from "openpgp";
import { afterAll, describe, expect, it } from "vitest";
import { createSubmission } from "../../src/core/index.js";
import { findMonths, type Month, monthOf, readKeyLines, readMonth, unwrapMonth } from "../../src/desk/months/index.js";
import { checkRecipient, encryptMessage } from "../../src/openpgp/index.js";
import { postern } from "../support/command.js";
import { canMountImage, type DiskImage, type FileSystem, makeImage, whileMounted } from "../support/disk-image.js";
import { certificateIn } from "../support/keys.js";
import { removeFolder } from "../support/temporary.js";

const PASSPHRASE = "correct horse";
const MONTH: Month = monthOf(new Date());
const KEY_LINE = /[0-9a-f]{4}(?:-[0-9a-f]{4}){7}/g;

const probe = mkdtempSync(join(tmpdir(), "postern-probe-"));
mkdirSync(join(probe, "mounted"));
const kinds: FileSystem[] = [];
for (const kind of ["ext4", "vfat"] as const) {
  if (await canMountImage(kind, { path: join(probe, kind), folder: join(probe, "mounted") })) kinds.push(kind);
}
afterAll(() => removeFolder(probe));

/** Everything by which the secret of a month could be had again, as it lay on the disk or in memory. */
async function materialOf(folder: string, keyFile: string): Promise<Map<string, Buffer>> {
  const lines = await readKeyLines(keyFile);
  const material = new Map<string, Buffer>(lines.map((line) => ["key-file", Buffer.from(line)]));
  for (const file of await findMonths(folder)) {
    const wrapped = await readFile(file.path);
    // Its salt and the first bytes of its ciphertext, and the end: a part that is left would show.
    material.set(`${file.month}, start of the wrapped file`, wrapped.subarray(4, 36));
    material.set(`${file.month}, end of the wrapped file`, wrapped.subarray(-32));
    const armored = await readMonth(file, lines);
    if (file.month !== MONTH) continue;
    material.set("armor", Buffer.from(armored.split("\n")[4] ?? ""));
    const locked = await readPrivateKey({ armoredKey: armored });
    const open = await decryptKey({ privateKey: locked, passphrase: PASSPHRASE });
    const [{ keyPacket } = { keyPacket: null }] = open.subkeys;
    const { d } = (keyPacket as unknown as { privateParams: { d: Uint8Array } }).privateParams;
    material.set("secret scalar", Buffer.from(d));
    material.set("secret scalar, reversed", Buffer.from(d).reverse());
  }
  return material;
}

const foundIn = (images: readonly Buffer[], material: ReadonlyMap<string, Buffer>) =>
  [...material].flatMap(([name, bytes]) => (images.some((image) => image.includes(bytes)) ? [name] : []));

/**
 * The fingerprints of all secrets that open with any line of a key-file that lies anywhere in the images.
 * @param sizes of wrapped months, bytes
 */
async function carved(images: readonly Buffer[], sizes: ReadonlySet<number>): Promise<Set<string>> {
  const lines = new Set(images.flatMap((image) => image.toString("latin1").match(KEY_LINE) ?? []));
  const found = new Set<string>();
  for (const image of images) {
    // An SKESK packet of version 4 with AES-256 and an iterated salt, as wrapping writes it.
    for (let at = image.indexOf("040903", 0, "hex"); at !== -1; at = image.indexOf("040903", at + 1, "hex")) {
      for (const line of lines) {
        for (const size of sizes) {
          const secret = await unwrapMonth(image.subarray(at - 2, at - 2 + size), line).catch(() => null);
          if (secret === null) continue;
          for (const { keyPacket } of (await readPrivateKey({ armoredKey: secret })).subkeys) {
            found.add(keyPacket.getFingerprint());
          }
        }
      }
    }
  }
  return found;
}

describe.runIf(kinds.length > 0).each(kinds)("after burning, a full copy of a disk and a medium with %s", (kind) => {
  it("opens nothing older: no file and no byte of them leads to the secret", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "postern-image-"));
    const inside = (...path: readonly string[]) => join(cwd, ...path);
    const disk: DiskImage = { path: inside("disk.img"), folder: inside("disk") };
    const medium: DiskImage = { path: inside("medium.img"), folder: inside("medium") };
    const months = inside("disk", "months");
    const keyFile = inside("medium", "key-file");
    const run = (...words: readonly string[]) => postern(words, { cwd });
    const open = (out: string) =>
      run(
        ...["open", "inbox", "--months", months, "--key-file", keyFile],
        ...["--passphrase-file", "passphrase", "--out", out],
      );
    const images = () => Promise.all([readFile(disk.path), readFile(medium.path)]);
    try {
      await makeImage(kind, disk);
      await makeImage(kind, medium);
      await mkdir(inside("inbox"));
      await writeFile(inside("passphrase"), `${PASSPHRASE}\n`);
      const material = await whileMounted([disk, medium], async () => {
        const words = ["--name", "Appeals", "--epochs", "4", "--passphrase-file", "passphrase"];
        const made = await run("keys", "new", ...words, "--secret", months, "--key-file", keyFile);
        expect(made).toMatchObject({ code: 0 });
        const [name = ""] = await readdir(inside("keys"));
        const recipient = checkRecipient(await certificateIn(await readFile(inside("keys", name), "utf8")), new Date());
        const { stream } = createSubmission({
          caseId: "a".repeat(32),
          form: { id: "default", version: 1 },
          language: "ru",
          answers: {},
          letter: "letter\n",
          documents: [],
          encryptedBy: "browser",
        });
        const message = await new Response(await encryptMessage(stream, [recipient], new Date())).arrayBuffer();
        const path = inside("inbox", `${"a".repeat(32)}.tar.gpg`);
        await writeFile(path, Buffer.from(message));
        await utimes(path, new Date(), new Date());
        expect(await open("cases")).toMatchObject({ code: 0, stderr: expect.stringContaining("1 opened") });
        return materialOf(months, keyFile);
      });
      // What is on the disk is found, so that what is not found is not there. The secret itself never was.
      const before = foundIn(await images(), material);
      expect(before).toHaveLength(1 + 2 * 4);
      const { first, sizes } = await whileMounted([disk, medium], () => describeMonths(months, keyFile));
      expect(await carved(await images(), sizes)).toContain(first);
      await whileMounted([disk, medium], async () => {
        const burnt = await run("keys", "burn", MONTH, "--secret", months, "--key-file", keyFile, "--force");
        expect(burnt).toMatchObject({ code: 0, stdout: `${MONTH} is burnt; 3 months are left\n` });
      });
      for (const image of [disk, medium]) await copyFile(image.path, `${image.path}.copy`);
      const after = await images();
      expect(foundIn(after, material)).toEqual([]);
      const left = await carved(after, sizes);
      expect(left).not.toContain(first);
      // The months that are left are found in the same way.
      expect(left.size).toBe(3);
      await whileMounted([disk, medium], async () => {
        const everything = await open("cases-after");
        expect(everything).toMatchObject({ code: 1, stderr: expect.stringContaining("0 opened") });
        expect(everything.stderr).toContain("no_matching_key");
      });
    } finally {
      await removeFolder(cwd);
    }
  });
});

/** The fingerprint of the month that will be burnt, and the sizes of all files of months. */
async function describeMonths(months: string, keyFile: string) {
  const files = await findMonths(months);
  const sizes = new Set(await Promise.all(files.map(async ({ path }) => (await stat(path)).size)));
  const file = files.find(({ month }) => month === MONTH);
  if (file === undefined) throw new Error("there is no such month");
  const { subkeys } = await readPrivateKey({ armoredKey: await readMonth(file, await readKeyLines(keyFile)) });
  return { first: subkeys[0]?.keyPacket.getFingerprint(), sizes };
}
