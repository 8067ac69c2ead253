import { describe, expect, test } from "vitest";
import { inTurns } from "../../src/streams/index.js";
import { collect, concat, expectSame, failureOf, settle } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";

const BLOCK = 1024 * 1024;

describe("bytes that are read in turns", () => {
  test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 7])(
    `all of %i come, each once and in order ${WITH_SEED}`,
    async (size) => {
      const bytes = new Random(`turns ${size}`).bytes(size);
      const asked: number[] = [];
      const stream = inTurns(size, async (block, position) => {
        asked.push(position);
        block.set(bytes.subarray(position, position + block.length));
      });
      const read: Uint8Array[] = [];
      for await (const chunk of stream) read.push(chunk.slice());
      expectSame(concat(...read), bytes);
      expect(asked).toEqual(Array.from({ length: Math.ceil(size / BLOCK) }, (_, index) => index * BLOCK));
    },
  );

  test("need two blocks of memory, however many bytes there are", async () => {
    const buffers = new Set<ArrayBufferLike>();
    const reader = inTurns(9 * BLOCK, async (block) => void buffers.add(block.buffer)).getReader();
    while (!(await reader.read()).done);
    expect(buffers.size).toBe(2);
  });

  test("a chunk is left alone until the next is asked for, while another block is filled", async () => {
    let filled = 0;
    const reader = inTurns(6 * BLOCK, async (block) => {
      filled += 1;
      block.fill(filled);
    }).getReader();
    for (let number = 1; number <= 6; number += 1) {
      const { value } = await reader.read();
      await settle();
      expect(filled).toBe(Math.min(number + 1, 6));
      expect(value?.every((byte) => byte === number)).toBe(true);
    }
  });

  test("nothing is read before somebody asks", async () => {
    let asked = false;
    inTurns(BLOCK, async () => {
      asked = true;
    });
    await settle();
    expect(asked).toBe(false);
  });

  test.each([0, 1, 2])("a failure at block %i is the stream's", async (at) => {
    const stream = inTurns(3 * BLOCK, async (_block, position) => {
      if (position === at * BLOCK) throw new Error("the disk is gone");
    });
    expect(await failureOf(() => collect(stream))).toMatchObject({ message: "the disk is gone" });
  });
});
