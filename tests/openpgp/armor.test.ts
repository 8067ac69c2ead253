import fc from "fast-check";
import { armor, enums } from "openpgp";
import { describe, expect, it } from "vitest";
import { ArmorError, withoutArmor } from "../../src/openpgp/index.js";
import { pieces, streamOf, utf8 as text } from "../support/bytes.js";
import { SEED, WITH_SEED } from "../support/seed.js";

async function taken(chunks: readonly Uint8Array[]): Promise<Buffer> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Buffer.from(await new Response(stream.pipeThrough(withoutArmor())).arrayBuffer());
}

/** The decoded bytes, or the code of the refusal: the same whole as byte by byte. */
async function judged(words: string): Promise<string> {
  const verdict = (chunks: readonly Uint8Array[]) =>
    taken(chunks).then(
      (bytes) => bytes.toString("latin1"),
      (cause: unknown) => (cause instanceof ArmorError ? cause.code : "another"),
    );
  const whole = await verdict([text(words)]);
  expect(await verdict(pieces(text(words), 1))).toBe(whole);
  return whole;
}

function inPieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const HEAD = "-----BEGIN PGP MESSAGE-----\n";
const TAIL = "-----END PGP MESSAGE-----\n";
/** Of `abc`. */
const CHECKSUM = "=uhx7\n";

/** UTF-16 of either byte order, with its mark or without. */
const wide = (words: string, big: boolean, mark: boolean) => {
  const bytes = Buffer.from((mark ? "\ufeff" : "") + words, "utf16le");
  return big ? bytes.swap16() : bytes;
};

describe("armor", () => {
  it.each([
    [false, true],
    [true, true],
    [false, false],
    [true, false],
  ])(`may be UTF-16, in chunks of any size ${WITH_SEED}`, async (big, mark) => {
    const file = wide(`Привет!\r\n${HEAD}\r\nYWJj\r\nZGVm\r\n${TAIL}`, big, mark);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
        // Without a mark the first character tells, which has to be ASCII.
        const bytes = mark ? file : wide(`${HEAD}\nYWJjZGVm\n${TAIL}`, big, false);
        expect((await taken(inPieces(bytes, sizes))).toString()).toBe("abcdef");
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("says whether words stood before it, and holds no more of them than a letter", async () => {
    const said = async (before: string, chunk: number) => {
      let outside = false;
      const bytes = text(`${before}${HEAD}\nYWJj\n${TAIL}`);
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += chunk) controller.enqueue(bytes.subarray(at, at + chunk));
          controller.close();
        },
      });
      const through = stream.pipeThrough(
        withoutArmor(() => {
          outside = true;
        }),
      );
      const out = Buffer.from(await new Response(through).arrayBuffer());
      return [outside, out.toString()];
    };
    for (const chunk of [1, 7, 100_000]) {
      expect(await said("", chunk)).toEqual([false, "abc"]);
      expect(await said("\r\n \n", chunk)).toEqual([false, "abc"]);
      expect(await said("Hello\n", chunk)).toEqual([true, "abc"]);
    }
    const [, passed] = await said(`${"a".repeat(20_000)}\n`, 1_000);
    expect(passed).toContain("aaaa");
  });

  it(`is removed in chunks of any size, with and without a checksum ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (bytes, sizes, checksum) => {
          fc.pre(bytes.length > 0);
          const armored = armor(enums.armor.message, bytes, undefined, undefined, undefined, checksum);
          expect(await taken(inPieces(text(armored), sizes))).toEqual(Buffer.from(bytes));
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });

  it(`is optional: binary data passes unchanged ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 }),
        async (bytes, sizes) => {
          // Binary OpenPGP data starts with its high bit set.
          bytes[0] = (bytes[0] ?? 0) | 0x80;
          fc.pre(bytes[0] !== 0xef);
          expect(await taken(inPieces(bytes, sizes))).toEqual(Buffer.from(bytes));
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each([
    ["that begins with space", " \n\x85\x01"],
    ["that begins with a byte order mark", "\xef\xbb\xbf\x85\x01"],
    ["that begins with half a byte order mark", `\xef\xbb?${HEAD}\nYWJj\n${TAIL}`],
    ["that is only space", " \t\r\n"],
    ["of 999 bytes of space", " ".repeat(999)],
    ["of 1000 bytes of space", " ".repeat(1000)],
    ["of one byte", "\x85"],
    ["of half a byte order mark", "\xef\xbb"],
    ["of no bytes", ""],
  ])("is optional: binary data %s passes unchanged, without empty chunks", async (_what, data) => {
    const bytes = Buffer.from(data, "latin1");
    for (const size of [1, 7, 5000]) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of streamOf(...pieces(bytes, size)).pipeThrough(withoutArmor())) chunks.push(chunk);
      expect(Buffer.concat(chunks)).toEqual(bytes);
      expect(chunks.filter((chunk) => chunk.length === 0)).toEqual([]);
    }
  });

  it("is looked for in the first 16 KiB: after more white space, data passes unchanged", async () => {
    const bytes = text(`${" ".repeat(16 * 1024)}${HEAD}\nYWJj\n${TAIL}`);
    expect(await taken(pieces(bytes, 1))).toEqual(Buffer.from(bytes));
  });

  it("outputs no chunk for input without data", async () => {
    const chunks: string[] = [];
    const armored = [HEAD, "Comment: x\n", "\n", "YW", "Jj\n", CHECKSUM, TAIL].map(text);
    for await (const chunk of streamOf(...armored).pipeThrough(withoutArmor())) {
      chunks.push(Buffer.from(chunk).toString());
    }
    expect(chunks).toEqual(["abc"]);
  });

  it.each([
    ["space before it", `\r\n \t${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["a byte order mark", `\ufeff${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["lines that end as on Windows", `${HEAD}\nYWJj\n${TAIL}`.replaceAll("\n", "\r\n"), "abc"],
    ["space at the ends of lines", `${HEAD.trim()}  \n\nYWJj\t\n${TAIL}`, "abc"],
    ["headers", `${HEAD}Version: GnuPG v2\nComment: a: b\n\nYWJj\n${TAIL}`, "abc"],
    ["empty lines after it", `${HEAD}\nYWJj\n${TAIL}\n\n \n`, "abc"],
    ["no line end at the very end", `${HEAD}\nYWJj\n${TAIL.trim()}`, "abc"],
    ["an empty line in its data", `${HEAD}\nYWJj\n\nZGVm\n${TAIL}`, "abcdef"],
    ["a checksum", `${HEAD}\nYWJj\n${CHECKSUM}${TAIL}`, "abc"],
    ["as many headers as anybody writes", `${HEAD}${"A: b\n".repeat(20)}\nYWJj\n${TAIL}`, "abc"],
    ["a line of 1000 bytes", `${HEAD}A: ${"b".repeat(997)}\n\nYWJj\n${TAIL}`, "abc"],
    ["999 bytes of space before it", `${" ".repeat(999)}${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["several lines", `${HEAD}\nYWJj\nZGVm\nZw==\n${TAIL}`, "abcdefg"],
    ["words before it", `Hello,\nplease read this:\n\n${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["Cyrillic words before it", `Здравствуйте\n${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["a line of dashes before it", `-----\n- a\n${HEAD}\nYWJj\n${TAIL}`, "abc"],
    ["an empty line after each", `${HEAD}\nYWJj\nZGVm\n${TAIL}`.replaceAll("\n", "\n\n"), "abcdef"],
    ["space before each line", `${HEAD}\nYWJj\nZGVm\n${TAIL}`.replaceAll("\n", "\n \t"), "abcdef"],
    ["lines broken at other places", `${HEAD}\nYWJjZG\nV\nmZw==\n${TAIL}`, "abcdefg"],
    ["a header without a value", `${HEAD}Comment: \n\nYWJj\n${TAIL}`, "abc"],
  ])("may have %s", async (_what, armored, bytes) => {
    expect(await judged(armored)).toBe(bytes);
  });

  it.each([
    ["text", "----- hello", "not_armor"],
    ["other armor", "-----BEGIN CERTIFICATE-----\n", "not_armor"],
    ["a public key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "wrong_kind"],
    ["a signed text", "-----BEGIN PGP SIGNED MESSAGE-----\n", "wrong_kind"],
    ["a secret key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "secret_key"],
    ["a header that is none", `${HEAD}nonsense\n\nYWJj\n${TAIL}`, "malformed"],
    ["more headers than anybody writes", `${HEAD}${"A: b\n".repeat(21)}\nYWJj\n${TAIL}`, "malformed"],
    ["a header whose name has a space", `${HEAD}My comment: b\n\nYWJj\n${TAIL}`, "malformed"],
    ["a line of 1001 bytes", `${HEAD}A: ${"b".repeat(998)}\n\nYWJj\n${TAIL}`, "malformed"],
    ["a second checksum", `${HEAD}\nYWJj\n${CHECKSUM}${CHECKSUM}${TAIL}`, "malformed"],
    ["data between its checksum and its end", `${HEAD}\nYWJj\n${CHECKSUM}YWJj\n${TAIL}`, "malformed"],
    ["a hyphen before its checksum", `${HEAD}\nYWJj\n-${CHECKSUM}${TAIL}`, "malformed"],
    ["a checksum of four bytes", `${HEAD}\nYWJj\n${CHECKSUM.trim()}YWJj\n${TAIL}`, "malformed"],
    ["something that is not base64", `${HEAD}\nпривет\n${TAIL}`, "malformed"],
    ["a line that is not whole", `${HEAD}\nYWJ\n${TAIL}`, "malformed"],
    ["data after the padding", `${HEAD}\nYQ==\nYWJj\n${TAIL}`, "malformed"],
    ["a line without end", `${HEAD}\n${"YWJj".repeat(300)}`, "malformed"],
    ["data after the checksum", `${HEAD}\nYWJj\n=uhyO\nYWJj\n${TAIL}`, "bad_checksum"],
    ["a wrong checksum", `${HEAD}\nYWJj\n=AAAA\n${TAIL}`, "bad_checksum"],
    ["no end", `${HEAD}\nYWJj\n`, "truncated"],
    ["half an end", `${HEAD}\nYWJj\n-----END PGP`, "malformed"],
    ["nothing but its first line", HEAD, "truncated"],
    ["text after it", `${HEAD}\nYWJj\n${TAIL}hello\n`, "trailing_data"],
    ["half a group of characters at the end", `${HEAD}\nYWJjZG\nV\n${TAIL}`, "malformed"],
    ["half a group before the checksum", `${HEAD}\nYWJjZ\n=uhyO\n${TAIL}`, "malformed"],
    ["words before a secret key", "Look:\n-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "secret_key"],
    ["words before a certificate", "Look:\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "wrong_kind"],
    ["another block after it", `${HEAD}\nYWJj\n${TAIL}${HEAD}\nYWJj\n${TAIL}`, "trailing_data"],
  ])("is refused with %s", async (_what, armored, code) => {
    expect(await judged(armored)).toBe(code);
  });
});
