import { describe, expect, test } from "vitest";
import { readPackets } from "../../src/openpgp/index.js";
import { readBodyLength, readPacketHeader } from "../../src/openpgp/packets/packet-header.js";
import { codeOf, concat } from "../support/bytes.js";
import { Random } from "../support/seed.js";

const bytes = (...values: readonly number[]) => new Uint8Array(values);
const body = (length: number) => new Random(`body ${length}`).bytes(length);
/** New format, tag 11. */
const LITERAL = 0xcb;

describe("the header of a packet", () => {
  test.each([
    ["one byte", bytes(0xcb, 0), 0, 2],
    ["one byte, the most", bytes(0xcb, 191), 191, 2],
    ["two bytes, the fewest", bytes(0xcb, 192, 0), 192, 3],
    ["two bytes", bytes(0xcb, 193, 2), 450, 3],
    ["two bytes, the most", bytes(0xcb, 223, 255), 8383, 3],
    ["five bytes", bytes(0xcb, 255, 0x01, 0x02, 0x03, 0x04), 0x01020304, 6],
    ["five bytes, the most", bytes(0xcb, 255, 0xff, 0xff, 0xff, 0xff), 2 ** 32 - 1, 6],
    ["one byte of the legacy format", bytes(0xac, 7), 7, 2],
    ["two bytes of the legacy format", bytes(0xad, 1, 2), 258, 3],
    ["four bytes of the legacy format", bytes(0xae, 0x80, 0, 0, 1), 2 ** 31 + 1, 5],
  ])("has its length in %s", (_what, header, length, taken) => {
    const found = { header: { tag: 11, length: { bytes: length, partial: false } }, taken };
    expect(readPacketHeader(header)).toEqual(found);
    // What follows it is not looked at.
    expect(readPacketHeader(concat(header, bytes(255)))).toEqual(found);
  });

  test.each([
    [224, 1],
    [233, 512],
    [254, 2 ** 30],
  ])("says by the byte %i that a portion of %i bytes comes, and more after it", (first, length) => {
    expect(readPacketHeader(bytes(LITERAL, first))).toEqual({
      header: { tag: 11, length: { bytes: length, partial: true } },
      taken: 2,
    });
  });

  test.each([
    ["nothing", bytes()],
    ["a first byte", bytes(0xcb)],
    ["one byte of two", bytes(0xcb, 192)],
    ["four bytes of five", bytes(0xcb, 255, 1, 2, 3)],
    ["a first byte of the legacy format", bytes(0xac)],
    ["one byte of two of the legacy format", bytes(0xad, 1)],
    ["three bytes of four of the legacy format", bytes(0xae, 1, 2, 3)],
  ])("is waited for while there is %s", (_what, given) => {
    expect(readPacketHeader(given)).toBeNull();
  });

  test("is waited for between two portions as well", () => {
    expect(readBodyLength(bytes())).toBeNull();
  });

  test.each([
    ["a byte without the highest bit", bytes(0x4b, 0), "not_openpgp"],
    ["a length that is not told, in the legacy format", bytes(0xaf), "unsupported"],
  ])("is none with %s", async (_what, given, code) => {
    expect(await codeOf(() => readPacketHeader(given))).toBe(code);
  });

  test("names any of the tags of either format", () => {
    for (let tag = 0; tag < 64; tag += 1) expect(readPacketHeader(bytes(0xc0 | tag, 0))?.header.tag).toBe(tag);
    for (let tag = 0; tag < 16; tag += 1) expect(readPacketHeader(bytes(0x80 | (tag << 2), 0))?.header.tag).toBe(tag);
  });
});

describe("packets that are in memory", () => {
  test("are none in no bytes", () => {
    expect(readPackets(bytes())).toEqual([]);
  });

  test.each([0, 1, 191])("are read one after the other, each with a body of %i bytes", (length) => {
    const one = concat(bytes(LITERAL, length), body(length));
    expect(readPackets(one)).toEqual([{ tag: 11, body: body(length) }]);
    const other = concat(bytes(0xd2, 3), body(3));
    expect(readPackets(concat(one, other, one))).toEqual([
      { tag: 11, body: body(length) },
      { tag: 18, body: body(3) },
      { tag: 11, body: body(length) },
    ]);
  });

  test.each([
    ["two portions", [512, 100], [100]],
    ["three portions", [512, 1024, 100], [100]],
    ["two portions, the last of nothing", [512, 0], [0]],
    ["three portions, the length of the last in two bytes", [1024, 512, 450], [193, 2]],
  ])("come whole in %s", (_what, lengths, last) => {
    const whole = body(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    const framed = lengths.map((length, index) => {
      const portion = whole.subarray(at, at + length);
      at += length;
      return concat(index < lengths.length - 1 ? bytes(224 + Math.log2(length)) : bytes(...last), portion);
    });
    const after = concat(bytes(0xd3, 1), bytes(7));
    expect(readPackets(concat(bytes(LITERAL), ...framed, after))).toEqual([
      { tag: 11, body: whole },
      { tag: 19, body: bytes(7) },
    ]);
  });

  test("are not copied where they come in one portion", () => {
    const packet = concat(bytes(LITERAL, 9), body(9));
    expect(readPackets(packet)[0]?.body.buffer).toBe(packet.buffer);
  });

  test.each([
    ["in a header", bytes(LITERAL)],
    ["one byte before the end of a body", concat(bytes(LITERAL, 9), body(8))],
    ["one byte before the end of a portion", concat(bytes(LITERAL, 233), body(511))],
    ["between two portions", concat(bytes(LITERAL, 233), body(512))],
    ["in the header of the second", concat(bytes(LITERAL, 1, 0), bytes(0xd2))],
  ])("are malformed where they are cut off %s", async (_what, given) => {
    expect(await codeOf(() => readPackets(given))).toBe("malformed_packet");
  });

  test("may not come in portions under 512 bytes, which cost more than they hold", async () => {
    const portioned = (first: number) => concat(bytes(LITERAL, first), body(2 ** (first & 0x1f)), bytes(1), body(1));
    expect(await codeOf(() => readPackets(portioned(232)))).toBe("unsupported");
    expect(readPackets(portioned(233))[0]?.body.length).toBe(513);
  });
});
