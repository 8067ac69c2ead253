import { expect, test } from "vitest";
import { copy } from "../../src/streams/index.js";
import { Random, WITH_SEED } from "../support/seed.js";

test(`copies exactly the given bytes, also between shared and ordinary memory ${WITH_SEED}`, () => {
  const random = new Random("copy");
  for (let round = 0; round < 300; round += 1) {
    const from = random.bytes(random.integer(0, 100));
    const whole = new Uint8Array(round % 2 === 0 ? new SharedArrayBuffer(200) : new ArrayBuffer(200)).fill(7);
    const to = whole.subarray(random.integer(0, 40));
    const at = random.integer(0, to.length - from.length);
    const expected = Uint8Array.from(whole);
    expected.set(from, to.byteOffset + at);
    copy(from, to, at);
    expect(Uint8Array.from(whole)).toEqual(expected);
    const back = new Uint8Array(from.length + 2);
    copy(to.subarray(at, at + from.length), back, 1);
    expect(back).toEqual(Uint8Array.of(0, ...from, 0));
  }
});

test("does not write past the end", () => {
  expect(() => copy(new Uint8Array(5), new Uint8Array(4), 0)).toThrow(RangeError);
});
