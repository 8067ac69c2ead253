import { expect, test } from "vitest";
import { Pieces } from "../../src/streams/index.js";
import { concat, expectSame } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";

test(`give back what was added, in order, in whatever portions it is taken ${WITH_SEED}`, () => {
  const random = new Random("pieces");
  const waiting = new Pieces();
  const added: Uint8Array[] = [];
  const taken: Uint8Array[] = [];
  for (let round = 0; round < 500; round += 1) {
    const some = Array.from({ length: random.integer(0, 3) }, () => random.bytes(random.integer(0, 40)));
    added.push(...some);
    waiting.add(some);
    if (random.integer(0, 3) === 0) waiting.keep();
    const count = random.integer(0, 60);
    const before = waiting.length;
    const portion = waiting.take(count);
    expect(concat(...portion).length).toBe(Math.min(count, before));
    expect(waiting.length).toBe(Math.max(0, before - count));
    taken.push(...portion);
  }
  expectSame(concat(...taken, ...waiting.take(waiting.length)), concat(...added));
});

test("what is kept does not change with the memory that it came in", () => {
  const waiting = new Pieces();
  const memory = Uint8Array.of(1, 2, 3, 4);
  waiting.add([memory.subarray(0, 2), memory.subarray(2)]);
  waiting.take(1);
  waiting.keep();
  memory.fill(9);
  expect(concat(...waiting.take(3))).toEqual(Uint8Array.of(2, 3, 4));
});
