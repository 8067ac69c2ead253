import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ThreadPool } from "../../src/streams/index.js";
import { concat, expectSame, failureOf } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const CAPACITY = 1_024;
const STREAMS = new URL("../../dist/streams/index.js", import.meta.url).href;
/** Adds one to each byte, and `more` bytes after them; ends as told, or falls over at a 13. */
const PROGRAM = `
import { parentPort } from "node:worker_threads";
import { RingBuffer } from "${STREAMS}";
parentPort.on("message", ({ memory, more }) => {
  new RingBuffer(memory).serve((block, length) => {
    if (block[0] === 13) throw new Error("it has fallen over");
    if (block[0] === 14) process.exit(0);
    for (let at = 0; at < length; at += 1) block[at] = block[at] + 1;
    block.fill(0, length, length + more);
    return length + more;
  }, () => parentPort.postMessage(null));
});
`;

let folder: string;
let pool: ThreadPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-streams-"));
  const program = join(folder, "program.mjs");
  await writeFile(program, PROGRAM);
  pool = new ThreadPool(pathToFileURL(program), CAPACITY);
});
afterAll(() => removeFolder(folder));

async function* blocksOf(bytes: readonly Uint8Array[], pause = 0): AsyncGenerator<Uint8Array[]> {
  for (const block of bytes) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    // In memory that changes as soon as the next is asked for.
    const lent = block.slice();
    yield [lent.subarray(0, 3), lent.subarray(3)];
    lent.fill(0xee);
  }
}

async function run(blocks: AsyncIterable<Uint8Array[]>, more = 0): Promise<Uint8Array[]> {
  const done: Uint8Array[] = [];
  for await (const block of pool.run({ more }, blocks)) done.push(block.slice());
  return done;
}

const expected = (blocks: readonly Uint8Array[], more: number) =>
  blocks.map((block) =>
    concat(
      block.map((byte) => byte + 1),
      new Uint8Array(more),
    ),
  );

describe("a pool of threads that transform blocks", () => {
  test.each([0, 1, 7, 8, 9, 16, 17, 500])(`returns all of %i blocks in order ${WITH_SEED}`, async (count) => {
    const random = new Random(`blocks ${count}`);
    const blocks = Array.from({ length: count }, () => random.bytes(random.integer(15, CAPACITY - 16)).fill(99, 0, 1));
    const done = await run(blocksOf(blocks), 16);
    expect(done.length).toBe(count);
    expectSame(concat(...done), concat(...expected(blocks, 16)));
  });

  test("waits for a slow source, and for a slow reader", async () => {
    const blocks = Array.from({ length: 12 }, (_, number) => new Uint8Array(10).fill(100 + number));
    expectSame(concat(...(await run(blocksOf(blocks, 3)))), concat(...expected(blocks, 0)));
    const done: Uint8Array[] = [];
    for await (const block of pool.run({ more: 0 }, blocksOf(blocks))) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      done.push(block.slice());
    }
    expectSame(concat(...done), concat(...expected(blocks, 0)));
  });

  test("transforms several streams at once without mixing them", async () => {
    const all = Array.from({ length: 4 }, (_, number) =>
      Array.from({ length: 40 }, () => new Uint8Array(500).fill(50 + number)),
    );
    const done = await Promise.all(all.map((blocks, number) => run(blocksOf(blocks), number)));
    for (const [number, blocks] of all.entries()) {
      expectSame(concat(...(done[number] ?? [])), concat(...expected(blocks, number)));
    }
  });

  test.each([
    [13, "it has fallen over"],
    [14, "the thread has ended too early"],
  ])("fails if its thread does (%i), and uses another thread afterwards", async (byte, message) => {
    for (const place of [0, 5, 30]) {
      const blocks = Array.from({ length: 31 }, () => new Uint8Array(10).fill(40));
      blocks[place] = new Uint8Array(10).fill(byte);
      expect(await failureOf(() => run(blocksOf(blocks)))).toMatchObject({ message });
    }
    expect((await run(blocksOf([new Uint8Array(20)]))).length).toBe(1);
  });

  test("fails when its source fails, and stops when its reader stops", async () => {
    async function* failing(): AsyncGenerator<Uint8Array[]> {
      yield [new Uint8Array(20)];
      throw new Error("the disk is gone");
    }
    expect(await failureOf(() => run(failing()))).toMatchObject({ message: "the disk is gone" });
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array[]> {
      try {
        for (;;) yield [new Uint8Array(20)];
      } finally {
        ended = true;
      }
    }
    for await (const _ of pool.run({ more: 0 }, endless())) break;
    expect(ended).toBe(true);
    expect((await run(blocksOf([new Uint8Array(20)]))).length).toBe(1);
  });
});
