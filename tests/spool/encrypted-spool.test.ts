import { mkdtemp, readdir, readFile, readlink, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EncryptedSpool } from "../../src/spool/index.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const MIB = 1024 * 1024;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-spool-"));
});
afterEach(() => removeFolder(folder));

const bytesOf = async (stream: ReadableStream<Uint8Array>) => {
  const parts: Buffer[] = [];
  // A chunk is valid only until the next one is asked for.
  for await (const chunk of stream) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
};

/** What this process has open below the folder, by its contents. */
async function openFiles(): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const name of await readdir("/proc/self/fd")) {
    const path = join("/proc/self/fd", name);
    const target = await readlink(path).catch(() => "");
    if (target.startsWith(folder)) found.push(await readFile(path));
  }
  return found;
}

describe("the encrypted spool", () => {
  it(`gives back each part as it was written, at every size around its blocks ${WITH_SEED}`, async () => {
    const random = new Random("spool");
    const spool = new EncryptedSpool(folder);
    const sizes = [0, 1, 15, 16, 17, 16_383, 16_384, 16_385, MIB - 1, MIB, MIB + 1, 5 * MIB];
    const parts: [Buffer, Awaited<ReturnType<ReturnType<EncryptedSpool["begin"]>["end"]>>][] = [];
    for (const size of sizes) {
      const bytes = Buffer.from(random.bytes(size));
      const writer = spool.begin();
      for (let at = 0; at < size; ) {
        const next = at + random.integer(1, 200_000);
        await writer.write(bytes.subarray(at, next));
        at = next;
      }
      parts.push([bytes, await writer.end()]);
    }
    expect(spool.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    for (const [bytes, part] of parts) {
      expect(part.size).toBe(bytes.length);
      expect((await bytesOf(part.open())).equals(bytes)).toBe(true);
    }
    await spool.close();
  });

  it("has no name, nothing readable, and the day as its folder's time", async () => {
    const spool = new EncryptedSpool(folder);
    const writer = spool.begin();
    for (let count = 0; count < 100; count += 1)
      await writer.write(Buffer.from("a canary that nobody may read ".repeat(50)));
    await writer.end();
    expect(await readdir(folder)).toEqual([]);
    expect((await stat(folder)).mtimeMs % 86_400_000).toBe(0);
    const [file, ...more] = await openFiles();
    expect(more).toEqual([]);
    expect(file?.length).toBe(spool.bytes);
    expect(file?.includes("canary")).toBe(false);
    await spool.close();
    expect(await openFiles()).toEqual([]);
  });

  it("cannot be read once it is closed", async () => {
    const spool = new EncryptedSpool(folder);
    const writer = spool.begin();
    await writer.write(Buffer.from("gone"));
    const part = await writer.end();
    await spool.close();
    await expect(bytesOf(part.open())).rejects.toThrow("closed");
  });

  it("tells once when it has become large", async () => {
    let told = 0;
    const spool = new EncryptedSpool(folder, () => {
      told += 1;
    });
    const writer = spool.begin();
    await writer.write(new Uint8Array(4 * MIB - 1));
    expect(told).toBe(0);
    await writer.write(new Uint8Array(1));
    await writer.write(new Uint8Array(4 * MIB));
    expect(told).toBe(1);
    await spool.close();
  });
});
