import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveFile, ArchiveWriteError, createArchive, paddedArchiveSize } from "../../src/core/index.js";
import { codeOf, collect, countedStream, failureOf, settle, streamOf, utf8 } from "../support/bytes.js";
import { Random, seeded, WITH_SEED } from "../support/seed.js";

const ROOT = "submission-1a2b3c4d";
const MEGABYTE = 1024 * 1024;
const decoder = new TextDecoder();

function fileOf(name: string, bytes: Uint8Array): ArchiveFile {
  return { name, size: bytes.length, open: () => streamOf(bytes) };
}

/** Every header block of an archive with its body: an independent reader, simpler than the real one. */
function blocks(archive: Uint8Array): { header: Uint8Array; name: string; body: Uint8Array; offset: number }[] {
  const found = [];
  for (let offset = 0; archive[offset] !== 0 && offset < archive.length; ) {
    const header = archive.subarray(offset, offset + 512);
    const field = (start: number, length: number) =>
      decoder.decode(header.subarray(start, start + length)).split("\0")[0] ?? "";
    const size = Number.parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    const name = prefix === "" ? field(0, 100) : `${prefix}/${field(0, 100)}`;
    found.push({ header, name, body: archive.subarray(offset + 512, offset + 512 + size), offset });
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

describe("an archive", () => {
  test.each([0, 1, 511, 512, 513, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])(
    `with a file of %i bytes contains them, and has exactly the declared size ${WITH_SEED}`,
    async (size) => {
      const bytes = new Random(`archive ${size}`).bytes(size);
      const archive = createArchive(ROOT, ["files"], [fileOf("files/01-a", bytes)]);
      const whole = await collect(archive.stream);
      expect(whole.length).toBe(archive.size);
      expect(archive.size).toBe(paddedArchiveSize(512 * 4 + Math.ceil(size / 512) * 512 + 1024));
      expect(blocks(whole).map(({ name, body }) => [name, body.length])).toEqual([
        [`${ROOT}/`, 0],
        [`${ROOT}/files/`, 0],
        [`${ROOT}/files/01-a`, size],
        [`${ROOT}/padding`, archive.size - 512 * 4 - Math.ceil(size / 512) * 512 - 1024],
      ]);
      expect(blocks(whole)[2]?.body).toEqual(bytes);
    },
  );

  test("has plain ustar headers that do not say who made it or when", async () => {
    const name = `files/01-${"ж".repeat(46)}.jpg`;
    const archive = createArchive(ROOT, ["files"], [fileOf("letter.txt", utf8("letter")), fileOf(name, utf8("a"))]);
    const found = blocks(await collect(archive.stream));
    expect(found.map((block) => block.name)).toEqual([
      `${ROOT}/`,
      `${ROOT}/files/`,
      `${ROOT}/letter.txt`,
      `${ROOT}/${name}`,
      `${ROOT}/padding`,
    ]);
    for (const block of found) {
      const field = (start: number, length: number) => decoder.decode(block.header.subarray(start, start + length));
      const folder = block.name.endsWith("/");
      expect(field(100, 8), "mode").toBe(folder ? "0000700\0" : "0000600\0");
      expect(field(108, 8), "user id").toBe("0000000\0");
      expect(field(116, 8), "group id").toBe("0000000\0");
      expect(field(136, 12), "time").toBe("00000000000\0");
      expect(field(156, 1), "type").toBe(folder ? "5" : "0");
      expect(field(157, 100), "link").toBe("\0".repeat(100));
      expect(field(257, 8), "magic").toBe("ustar\x0000");
      expect(field(265, 64), "user and group name").toBe("\0".repeat(64));
      expect(field(329, 16), "device").toMatch(/^[0\0]{16}$/);
    }
  });

  test("is the same archive for the same contents", async () => {
    const make = () => collect(createArchive(ROOT, ["files"], [fileOf("letter.txt", utf8("letter"))]).stream);
    expect(await make()).toEqual(await make());
  });

  test("ends in a padding of zeros and two zero blocks", async () => {
    const whole = await collect(createArchive(ROOT, [], [fileOf("letter.txt", utf8("letter"))]).stream);
    const padding = blocks(whole).at(-1);
    expect(padding?.name).toBe(`${ROOT}/padding`);
    expect(whole.subarray((padding?.offset ?? 0) + 512).every((byte) => byte === 0)).toBe(true);
  });

  test(`has the declared size, whatever it contains and however its files are chunked ${WITH_SEED}`, async () => {
    const sources = fc.array(fc.array(fc.nat(3000), { maxLength: 5 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sources, async (files) => {
        const archive = createArchive(
          ROOT,
          ["files"],
          files.map((chunks, index) => ({
            name: `files/${index + 10}-a`,
            size: chunks.reduce((sum, size) => sum + size, 0),
            open: () => streamOf(...chunks.map((size) => new Uint8Array(size).fill(index + 1))),
          })),
        );
        const whole = await collect(archive.stream);
        expect(whole.length).toBe(archive.size);
        const bodies = blocks(whole)
          .slice(2, -1)
          .map(({ body }) => body);
        expect(bodies.map((body) => body.length)).toEqual(
          files.map((chunks) => chunks.reduce((sum, size) => sum + size, 0)),
        );
        expect(bodies.every((body, index) => body.every((byte) => byte === index + 1))).toBe(true);
      }),
      seeded(60),
    );
  });
});

describe("a file that differs from its declaration", () => {
  test.each([
    ["longer by one byte", 1024, 1025],
    ["shorter by one byte", 1024, 1023],
    ["empty after all", 1024, 0],
    ["not empty after all", 0, 1],
    ["longer by megabytes", 512, 3 * MEGABYTE],
  ])("fails the archive with size_changed when it is %s", async (_, promised, real) => {
    const file = { name: "files/01-a", size: promised, open: () => countedStream(real).stream };
    expect(await codeOf(() => collect(createArchive(ROOT, ["files"], [file]).stream))).toBe("size_changed");
  });

  test("fails the archive with read_failed when it cannot be read, and keeps the cause", async () => {
    const cause = new Error("the disk is gone");
    const open = () =>
      new ReadableStream<Uint8Array>({
        pull() {
          throw cause;
        },
      });
    const failure = await failureOf(() =>
      collect(createArchive(ROOT, [], [{ name: "letter.txt", size: 5, open }]).stream),
    );
    expect(failure).toBeInstanceOf(ArchiveWriteError);
    expect(failure).toMatchObject({ code: "read_failed", cause });
  });

  test("fails the archive with read_failed when it cannot be opened", async () => {
    const open = () => {
      throw new Error("no such file");
    };
    expect(await codeOf(() => collect(createArchive(ROOT, [], [{ name: "letter.txt", size: 5, open }]).stream))).toBe(
      "read_failed",
    );
  });

  test.each([8 ** 11, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "is refused at once as file_too_large with a size of %d",
    async (size) => {
      const file = { name: "letter.txt", size, open: () => streamOf() };
      expect(await codeOf(() => createArchive(ROOT, [], [file]))).toBe("file_too_large");
    },
  );
});

describe("memory", () => {
  /** Read-ahead that the source does by itself. */
  const AHEAD = MEGABYTE;

  test("a source is read with backpressure", async () => {
    const size = 64 * MEGABYTE;
    const { stream, count } = countedStream(size, MEGABYTE / 4);
    const archive = createArchive(ROOT, ["files"], [{ name: "files/01-a", size, open: () => stream }]);
    const reader = archive.stream.getReader();
    let taken = 0;
    let most = 0;
    for (let turn = 0; ; turn += 1) {
      if (turn % 16 === 0) await settle();
      most = Math.max(most, count.pulled - taken);
      const { done, value } = await reader.read();
      if (done) break;
      taken += value.length;
    }
    expect(taken).toBe(archive.size);
    expect(most).toBeLessThan(AHEAD);
  });

  test("a source is opened only when its turn comes", async () => {
    const opened: string[] = [];
    const big = (name: string): ArchiveFile => ({
      name,
      size: 32 * MEGABYTE,
      open: () => {
        opened.push(name);
        return countedStream(32 * MEGABYTE).stream;
      },
    });
    const reader = createArchive(ROOT, ["files"], [big("files/01-a"), big("files/02-b")]).stream.getReader();
    await settle();
    expect(opened).toEqual([]);
    for (let taken = 0; taken < 32 * MEGABYTE; ) taken += (await reader.read()).value?.length ?? 0;
    expect(opened).toEqual(["files/01-a"]);
    while (!(await reader.read()).done);
    expect(opened).toEqual(["files/01-a", "files/02-b"]);
  });

  test("a source is cancelled when the archive is", async () => {
    const size = 64 * MEGABYTE;
    const { stream, count } = countedStream(size);
    const archive = createArchive(ROOT, ["files"], [{ name: "files/01-a", size, open: () => stream }]);
    const reader = archive.stream.getReader();
    while (count.pulled === 0) await reader.read();
    await reader.cancel();
    await settle();
    expect(count.cancelled).toBe(true);
    expect(count.pulled).toBeLessThan(AHEAD);
  });
});
