import { describe, expect, it } from "vitest";
import { MultipartScanner, type ScannedPart } from "../../../src/server/intake/multipart-scanner.js";
import { codeOf, pieces } from "../../support/bytes.js";

const BOUNDARY = "----b";
const scan = (body: Uint8Array, size = body.length || 1, boundary = BOUNDARY) => {
  const scanner = new MultipartScanner(`multipart/form-data; boundary=${boundary}`);
  const out = pieces(body, size).flatMap((piece) => scanner.push(piece));
  return {
    parts: scanner.parts,
    textBytes: scanner.textBytes,
    out: Buffer.concat([...out, scanner.finish()]).toString(),
  };
};
const part = (disposition: string, content: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const WHOLE = Buffer.from(
  `preamble\r\n${part('name="message"', "Здравствуйте\r\n--\r\n----bx")}${part('name="documents"; filename="a.txt"', "")}${part(
    'name="documents"; filename="б.txt"',
    "\r\n\r\n--",
  )}${END}epilogue`.replace("----bx", "---b"),
);
const briefly = (parts: readonly ScannedPart[]) => parts.map(({ field, fileName, bytes }) => [field, fileName, bytes]);

describe("a multipart body", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 64, 1_000])("has the same parts in pieces of %i bytes", (size) => {
    expect(briefly(scan(WHOLE, size).parts)).toEqual([
      ["message", null, Buffer.byteLength("Здравствуйте\r\n--\r\n---b")],
      ["documents", "a.txt", 0],
      ["documents", "б.txt", 6],
    ]);
    expect(scan(WHOLE, size).textBytes).toBe(Buffer.byteLength("Здравствуйте\r\n--\r\n---b"));
  });

  it("comes out with heads and a boundary of ours, and the contents as they were", () => {
    const { out } = scan(WHOLE);
    const [, boundary = ""] = /^--([0-9a-f]{48})\r\n/.exec(out) ?? [];
    expect(out).toBe(
      [
        `--${boundary}\r\nContent-Disposition: form-data; name="p0"\r\n\r\nЗдравствуйте\r\n--\r\n---b\r\n`,
        `--${boundary}\r\nContent-Disposition: form-data; name="p1"; filename="p1"\r\n`,
        "Content-Type: application/octet-stream\r\n\r\n\r\n",
        `--${boundary}\r\nContent-Disposition: form-data; name="p2"; filename="p2"\r\n`,
        `Content-Type: application/octet-stream\r\n\r\n\r\n\r\n--\r\n--${boundary}--\r\n`,
      ].join(""),
    );
  });

  it.each([
    ["with spaces behind a boundary", `--${BOUNDARY} \t\r\n\r\nx\r\n--${BOUNDARY}--`],
    ["with a part that has no head", `--${BOUNDARY}\r\n\r\nx\r\n--${BOUNDARY}--`],
    ["without a line end at its end", `--${BOUNDARY}\r\n\r\nx\r\n--${BOUNDARY}--`],
  ])("%s is read", (_what, body) => {
    for (const size of [1, 2, 1_000]) expect(briefly(scan(Buffer.from(body), size).parts)).toEqual([["", null, 1]]);
  });

  it("gives texts in another encoding as UTF-8", () => {
    const russian = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="message"\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), russian, Buffer.from(`\r\n${END}`)]);
    for (const size of [1, 2, 1_000]) expect(scan(body, size).out).toContain("\r\n\r\nПривет\r\n");
  });

  it.each<[what: string, body: string, code: string]>([
    ["nothing", "", "malformed"],
    ["no boundary at all", "hello", "malformed"],
    ["no end", part('name="a"', "x"), "malformed"],
    ["half an end", `${part('name="a"', "x")}--${BOUNDARY}-`, "malformed"],
    ["a line that begins like the boundary", part('name="a"', `x\r\n--${BOUNDARY}and more`), "malformed"],
    ["a part that begins like the boundary", part('name="a"', `--${BOUNDARY}--`) + END, "malformed"],
    [
      "no contents between a head and the next part",
      `--${BOUNDARY}\r\nX: a\r\n\r\n${part('name="a"', "x")}${END}`,
      "malformed",
    ],
    [
      "a part before the first boundary",
      `--c\r\nContent-Disposition: form-data\r\n\r\n${part('name="a"', "x")}${END}`,
      "malformed",
    ],
    ["much before the first boundary", `${"a".repeat(5_000)}\r\n${part('name="a"', "x")}${END}`, "malformed"],
    ["parts after the last one", `${part('name="a"', "x")}${END}${part('name="b"', "x")}${END}`, "malformed"],
    ["parts within a part", `--${BOUNDARY}\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${END}`, "malformed"],
    [
      "an unknown encoding",
      `--${BOUNDARY}\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx\r\n${END}`,
      "malformed",
    ],
    ["a head without end", `--${BOUNDARY}\r\nX: ${"a".repeat(20_000)}`, "too_long_head"],
    ["too many parts", part('name="a"', "").repeat(5_001) + END, "too_many_parts"],
  ])("is refused with %s", async (_what, body, code) => {
    for (const size of [7, 4_096]) expect(await codeOf(() => scan(Buffer.from(body), size))).toBe(code);
  });

  it.each([
    "multipart/form-data",
    'multipart/form-data; boundary=""',
    "text/plain; boundary=a",
    "",
    `multipart/form-data; boundary=${"a".repeat(71)}`,
  ])("cannot be read with the type %j", async (type) => {
    expect(await codeOf(() => new MultipartScanner(type))).toBe("malformed");
  });

  it.each(["boundary=----b", 'boundary="----b"', "charset=utf-8; boundary=----b", "Boundary=----b; charset=utf-8"])(
    "has the boundary that its type names: %s",
    (parameters) => {
      const scanner = new MultipartScanner(`multipart/form-data; ${parameters}`);
      scanner.push(WHOLE);
      expect(scanner.parts).toHaveLength(3);
    },
  );
});
