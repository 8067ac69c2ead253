import { expect, test } from "vitest";
import { byteStream } from "../../src/streams/index.js";
import { collect, concat, expectSame, failureOf, splitAt } from "../support/bytes.js";
import { Random, WITH_SEED } from "../support/seed.js";

const UNCHECKED = { push: () => undefined, finish: () => undefined };

/** Yields each array in memory that is overwritten as soon as the next is asked for. */
async function* reusing(arrays: readonly (readonly Uint8Array[])[]): AsyncGenerator<Uint8Array[], void, undefined> {
  for (const pieces of arrays) {
    const lent = pieces.map((piece) => piece.slice());
    yield lent;
    for (const piece of lent) piece.fill(0xee);
  }
}

test(`yields everything in order, into buffers of any size ${WITH_SEED}`, async () => {
  const random = new Random("byte stream");
  for (let round = 0; round < 50; round += 1) {
    const bytes = random.bytes(random.integer(0, 3_000));
    const places = Array.from({ length: random.integer(0, 20) }, () => random.integer(0, bytes.length));
    const arrays = splitAt(bytes, places).map((piece) => splitAt(piece, [random.integer(0, piece.length)]));
    expectSame(await collect(byteStream(reusing(arrays), UNCHECKED)), bytes);
    const reader = byteStream(reusing(arrays), UNCHECKED).getReader({ mode: "byob" });
    const read: Uint8Array[] = [];
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(random.integer(1, 500)));
      if (done) break;
      read.push(value);
    }
    expectSame(concat(...read), bytes);
  }
});

test("shows everything, and the end, to its check before the reader gets it", async () => {
  const seen: string[] = [];
  const stream = byteStream(reusing([[Uint8Array.of(1, 2)], [Uint8Array.of(3)]]), {
    push: (bytes) => void seen.push(bytes.join()),
    finish: () => seen.push("end"),
  });
  await collect(stream);
  expect(seen.filter((text) => text !== "")).toEqual(["1,2,3", "end"]);
});

test("fails with what its check throws, at once or at the end, and with what its source throws", async () => {
  const wrong = () => {
    throw new Error("no message");
  };
  const pieces = () => reusing([[Uint8Array.of(1)]]);
  for (const check of [
    { ...UNCHECKED, push: wrong },
    { ...UNCHECKED, finish: wrong },
  ]) {
    expect(await failureOf(() => collect(byteStream(pieces(), check)))).toMatchObject({ message: "no message" });
  }
  // biome-ignore lint/correctness/useYield: it fails before it has anything to yield
  async function* broken(): AsyncGenerator<Uint8Array[], void, undefined> {
    throw new Error("the disk is gone");
  }
  expect(await failureOf(() => collect(byteStream(broken(), UNCHECKED)))).toMatchObject({
    message: "the disk is gone",
  });
});

test("ends its source when it is cancelled", async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array[], void, undefined> {
    try {
      for (;;) yield [new Uint8Array(1_000_000)];
    } finally {
      ended = true;
    }
  }
  const reader = byteStream(endless(), UNCHECKED).getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toBe(true);
});
