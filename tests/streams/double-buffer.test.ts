import { describe, expect, test } from "vitest";
import { doubleBuffered } from "../../src/streams/index.js";
import { collect, concat, expectSame, failureOf, settle } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";

const BLOCK = 1024 * 1024;

describe("a double-buffered stream", () => {
  test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 7])(
    `yields all of %i bytes, each once and in order ${WITH_SEED}`,
    async (size) => {
      const bytes = new Random(`turns ${size}`).bytes(size);
      const asked: number[] = [];
      const stream = doubleBuffered(size, async (block, position) => {
        asked.push(position);
        block.set(bytes.subarray(position, position + block.length));
      });
      const read: Uint8Array[] = [];
      for await (const chunk of stream) read.push(chunk.slice());
      expectSame(concat(...read), bytes);
      expect(asked).toEqual(Array.from({ length: Math.ceil(size / BLOCK) }, (_, index) => index * BLOCK));
    },
  );

  test("needs two blocks of memory for any number of bytes", async () => {
    const buffers = new Set<ArrayBufferLike>();
    const reader = doubleBuffered(9 * BLOCK, async (block) => void buffers.add(block.buffer)).getReader();
    while (!(await reader.read()).done);
    expect(buffers.size).toBe(2);
  });

  test("leaves a chunk alone until the next is asked for, and fills the other block meanwhile", async () => {
    let filled = 0;
    const reader = doubleBuffered(6 * BLOCK, async (block) => {
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

  test("reads nothing before it is asked", async () => {
    const events: string[] = [];
    const stream = doubleBuffered(BLOCK, async () => void events.push("filled"));
    await settle();
    events.push("asked");
    await stream.getReader().read();
    expect(events).toEqual(["asked", "filled"]);
  });

  test.each([0, 1, 2])("fails when filling block %i fails", async (at) => {
    const stream = doubleBuffered(3 * BLOCK, async (_block, position) => {
      if (position === at * BLOCK) throw new Error("the disk is gone");
    });
    expect(await failureOf(() => collect(stream))).toMatchObject({ message: "the disk is gone" });
  });
});
