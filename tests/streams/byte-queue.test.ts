import { expect, test } from "vitest";
import { ByteQueue } from "../../src/streams/index.js";
import { concat, expectSame } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";

test(`returns what was pushed, in order, in portions of any size ${WITH_SEED}`, () => {
  const random = new Random("pieces");
  const queue = new ByteQueue();
  const added: Uint8Array[] = [];
  const taken: Uint8Array[] = [];
  const attached: Uint8Array[] = [];
  for (let round = 0; round < 500; round += 1) {
    const some = Array.from({ length: random.integer(0, 3) }, () => random.bytes(random.integer(0, 40)));
    added.push(concat(...some));
    queue.push(some);
    attached.push(...some);
    if (random.integer(0, 3) === 0) {
      queue.detach();
      // Whoever pushed them writes over them.
      for (const chunk of attached.splice(0)) chunk.fill(0xff);
    }
    const count = random.integer(0, 60);
    const before = queue.length;
    const portion = concat(...queue.take(count));
    expect(portion.length).toBe(Math.min(count, before));
    expect(queue.length).toBe(Math.max(0, before - count));
    taken.push(portion);
  }
  expectSame(concat(...taken, ...queue.take(queue.length)), concat(...added));
});

test("bytes that wait are copied once, however often more are pushed behind them", () => {
  const queue = new ByteQueue();
  queue.push([new Uint8Array(1024)]);
  queue.detach();
  const [first] = queue.take(1);
  queue.push([Uint8Array.of(1)]);
  queue.detach();
  const [again] = queue.take(1023);
  expect(again?.buffer).toBe(first?.buffer);
  expect(queue.length).toBe(1);
});

test("detached bytes do not change with the buffer that they were pushed in", () => {
  const queue = new ByteQueue();
  const memory = Uint8Array.of(1, 2, 3, 4);
  queue.push([memory.subarray(0, 2), memory.subarray(2)]);
  queue.take(1);
  queue.detach();
  memory.fill(9);
  expect(concat(...queue.take(3))).toEqual(Uint8Array.of(2, 3, 4));
});
