import { mkdtemp, open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { byteReader, writeBytes } from "../../src/store/byte-stream-writer.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Around the first block and the usual one, and several of them. */
const SIZES = [
  0,
  1,
  128 * KIB - 1,
  128 * KIB,
  128 * KIB + 1,
  256 * KIB,
  MIB,
  MIB + 128 * KIB,
  MIB + 128 * KIB + 1,
  5 * MIB,
];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-bytes-"));
});
afterAll(() => removeFolder(folder));

/**
 * @param atMost bytes of one read
 * @param failsAt bytes after which it fails
 */
function streamOf(
  contents: Uint8Array,
  atMost: number,
  failsAt = Number.POSITIVE_INFINITY,
): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (position >= failsAt) throw new Error("the stream fails");
      const view = controller.byobRequest?.view;
      if (!(view instanceof Uint8Array)) throw new Error("there is no buffer to read into");
      const part = contents.subarray(position, position + Math.min(view.length, atMost));
      view.set(part);
      position += part.length;
      if (part.length === 0) controller.close();
      controller.byobRequest?.respond(part.length);
    },
  });
}

/** Writes a stream to a new file of that name: how many bytes it was told of, and what stands there. */
async function written(
  name: string,
  stream: ReadableStream<Uint8Array>,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<{ readonly bytes: number; readonly contents: Buffer }> {
  const path = join(folder, name);
  const file = await open(path, "wx");
  try {
    const reader = byteReader(stream);
    if (reader === null) throw new Error("this is a stream of bytes");
    return { bytes: await writeBytes(file, reader, onChunk), contents: await readFile(path) };
  } finally {
    await file.close();
  }
}

it.each(SIZES.flatMap((size) => [Number.POSITIVE_INFINITY, 128 * KIB, 50_000].map((atMost) => [size, atMost])))(
  "writes all of %i bytes, in reads of at most %d, and shows each to its watcher",
  async (size, atMost) => {
    const contents = new Uint8Array(new Random("bytes").bytes(size));
    const seen: Uint8Array[] = [];
    const found = await written(`${size}-${atMost}`, streamOf(contents, atMost), (chunk) => seen.push(chunk.slice()));
    expect(found.bytes).toBe(size);
    expect(found.contents.equals(contents)).toBe(true);
    expect(Buffer.concat(seen).equals(contents)).toBe(true);
  },
);

it(`writes each letter whole, many at one time and after others, some of which fail ${WITH_SEED}`, async () => {
  const random = new Random("letters");
  for (let round = 0; round < 4; round += 1) {
    const letters = Array.from({ length: 24 }, (_, at) => {
      const contents = new Uint8Array(random.bytes(random.integer(0, 200 * KIB)));
      const fails = at % 5 === 0 ? random.integer(0, contents.length) : undefined;
      const stream = streamOf(contents, random.integer(1, 40) * KIB, fails);
      return { contents, fails, found: written(`${round}-${at}`, stream) };
    });
    const found = await Promise.allSettled(letters.map((letter) => letter.found));
    for (const [at, { contents, fails }] of letters.entries()) {
      const outcome = found[at];
      expect(outcome?.status, `${round}-${at}`).toBe(fails === undefined ? "fulfilled" : "rejected");
      if (outcome?.status === "fulfilled") expect(outcome.value.contents.equals(contents)).toBe(true);
    }
  }
});
