import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BatchingWriter, writeChunks } from "../../src/store/batching-writer.js";
import { expectSame, failureOf, pieces } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-writer-"));
});
afterEach(() => removeFolder(folder));

async function* slowly(chunks: readonly Uint8Array[], random: Random) {
  for (const chunk of chunks) {
    // Now and then the disk is done before the next chunk comes, and sometimes in that very turn.
    for (let turns = random.integer(0, 3); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    yield chunk;
  }
}

describe("writing while more arrives", () => {
  it.each([1, 100, 65_536, 2_000_000])(
    `writes every byte in order, in chunks of up to %i bytes ${WITH_SEED}`,
    async (most) => {
      const random = new Random(`gathered ${most}`);
      const bytes = random.bytes(Math.min(3_000_000, most * 300));
      const path = join(folder, "a");
      const file = await open(path, "w");
      const chunks = pieces(bytes, random.integer(1, most));
      expect(await writeChunks(file, slowly(chunks, random))).toBe(bytes.length);
      await file.close();
      expectSame(await readFile(path), bytes);
    },
  );

  it("writes what arrived before its source failed", async () => {
    const file = await open(join(folder, "a"), "w");
    async function* breaking() {
      yield Buffer.from("abc");
      yield Buffer.from("de");
      throw new Error("the line is dead");
    }
    expect(await failureOf(() => writeChunks(file, breaking()))).toMatchObject({ message: "the line is dead" });
    await file.close();
    expect(await readFile(join(folder, "a"), "utf8")).toBe("abcde");
  });

  it("fails at every call after the disk has failed, and buffers little", async () => {
    const file = await open(join(folder, "a"), "w");
    await file.close();
    const writer = new BatchingWriter(await open(join(folder, "a"), "r"));
    await writer.add(Buffer.alloc(10));
    expect(await failureOf(() => writer.flush())).toMatchObject({ code: "EBADF" });
    expect(await failureOf(() => writer.add(Buffer.alloc(1024 * 1024)))).toMatchObject({ code: "EBADF" });
    expect(await failureOf(() => writer.flush())).toMatchObject({ code: "EBADF" });
  });
});

describe("all writers together", () => {
  it("hold no more than their budget and a little of each, and nothing when they are done or discarded", async () => {
    const folder = await mkdtemp(join(tmpdir(), "postern-budget-"));
    const before = BatchingWriter.heldBytes;
    const chunk = new Uint8Array(60_000);
    const writers = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => new BatchingWriter(await open(join(folder, String(index)), "w"))),
    );
    for (const writer of writers) writer.minWriteBytes = 512 * 1024;
    for (let round = 0; round < 20; round += 1) await Promise.all(writers.map((writer) => writer.add(chunk)));
    expect(BatchingWriter.heldBytes - before).toBeLessThan(64 * 1024 * 1024 + 300 * 200_000);
    await Promise.all(writers.slice(0, 150).map((writer) => writer.flush()));
    for (const writer of writers.slice(150)) {
      await writer.flush();
      await writer.add(chunk);
      writer.discard();
    }
    expect(BatchingWriter.heldBytes).toBe(before);
    await rm(folder, { recursive: true });
  });

  it("hold nothing of a file that cannot be written", async () => {
    const before = BatchingWriter.heldBytes;
    const file = await open("/dev/full", "w");
    const writer = new BatchingWriter(file);
    await writer.add(new Uint8Array(100_000));
    await expect(writer.flush()).rejects.toMatchObject({ code: "ENOSPC" });
    await expect(writer.add(new Uint8Array(100_000))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(BatchingWriter.heldBytes).toBe(before);
    await file.close();
  });
});
