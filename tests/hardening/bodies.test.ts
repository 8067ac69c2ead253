import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedPortal } from "../support/besieged.js";
import { atLength, shareOf } from "../support/length.js";
import { BOUNDARY, multipart, part, post } from "../support/raw-request.js";

let portal: BesiegedPortal;
beforeAll(async () => {
  portal = await BesiegedPortal.start();
});
// It takes a letter after each group of them, too, or after each one.
const HARMLESS = atLength<"expectUp" | "expectWell">("expectUp", "expectWell");
afterEach(() => portal[HARMLESS]());
afterAll(async () => {
  await portal.expectMemoryBack();
  await portal.stop();
});

const stored = async () => (await readdir(join(portal.store, "submissions"))).length;
const send = (body: Uint8Array, headers: Record<string, string> = {}, path = "/en/submit") =>
  post(portal.url + path, body, headers);
const message = part('name="message"', "a letter");
const type = (value: string) => ({ "Content-Type": value });
const many = (count: number, make: (index: number) => Buffer) =>
  multipart(message, ...Array.from({ length: count }, (_, index) => make(index)));

describe("a malformed body is refused, and nothing is stored", () => {
  afterAll(() => portal.expectWell());

  it.each(
    shareOf<[what: string, body: () => Uint8Array, status: number, headers?: Record<string, string>]>(
      [
        ["10^5 tiny fields", () => many(100_000, (index) => part(`name="f${index}"`, "")), 400],
        ["10^5 tiny documents", () => many(100_000, (index) => part(`name="documents"; filename="${index}"`, "")), 400],
        [
          "10^4 headers of a part",
          () => multipart(part(`name="message"\r\n${"X: a\r\n".repeat(10_000)}Y: b`, "x")),
          400,
        ],
        ["a header of a part that never ends", () => multipart(part(`name="${"a".repeat(1_000_000)}"`, "x")), 400],
        ["a field twice", () => multipart(message, message), 400],
        ["a field of 2 MiB", () => multipart(part('name="message"', "x".repeat(2 * 1024 * 1024))), 413],
        ["64 fields of 1 MiB", () => many(64, (index) => part(`name="f${index}"`, "x".repeat(1024 * 1024))), 413],
        ["a field named __proto__", () => multipart(message, part('name="__proto__"', "x")), 400],
        ["a field within __proto__", () => multipart(message, part('name="__proto__[polluted]"', "x")), 400],
        ["a field named constructor", () => multipart(message, part('name="constructor"', "x")), 400],
        [
          "a field within constructor",
          () => multipart(message, part('name="constructor[prototype][polluted]"', "x")),
          400,
        ],
        ["a field named toString", () => multipart(message, part('name="toString"', "x")), 400],
        ["a field without a name", () => multipart(message, part('name=""', "x")), 400],
        [
          "an array of fields",
          () => multipart(part('name="message[]"', "x"), part('name="message[9999999]"', "x")),
          400,
        ],
        ["a field nested a thousand deep", () => multipart(message, part(`name="a${"[b]".repeat(1_000)}"`, "x")), 400],
        ["a null byte in a name", () => multipart(message, part('name="a\0b"', "x")), 400],
        [
          "a null byte in a file name",
          () => multipart(message, part('name="documents"; filename="a\0.pdf"', "x")),
          400,
        ],
        ["no boundary", () => multipart(message), 400, type("multipart/form-data")],
        ["an empty boundary", () => multipart(message), 400, type('multipart/form-data; boundary=""')],
        ["another boundary", () => multipart(message), 400, type("multipart/form-data; boundary=other")],
        [
          "a boundary of 10 kB",
          () => multipart(message),
          400,
          type(`multipart/form-data; boundary=${"b".repeat(10_000)}`),
        ],
        [
          "two boundaries",
          () => multipart(message),
          400,
          type(`multipart/form-data; boundary=x; boundary=${BOUNDARY}`),
        ],
        ["no end", () => message, 400],
        ["an end alone", () => multipart(), 400],
        ["nothing", () => new Uint8Array(0), 400],
        [
          "a multipart in a multipart",
          () => multipart(part('name="m"', multipart(message), "multipart/mixed; boundary=b")),
          400,
        ],
        ["JSON", () => Buffer.from('{"message":"x","__proto__":{"a":1}}'), 400, type("application/json")],
        ["a body that says it is compressed", () => multipart(message), 200, { "Content-Encoding": "gzip" }],
        [
          "XML",
          () => Buffer.from('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
          400,
          type("text/xml"),
        ],
      ],
      2,
    ),
  )("%s", async (_what, body, status, headers) => {
    const before = await stored();
    const answer = await send(body(), headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain("</html>");
    expect(await stored()).toBe(before + (status === 200 ? 1 : 0));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("an odd but harmless body is accepted", () => {
  afterAll(() => portal.expectWell());

  it.each<[what: string, body: () => Uint8Array]>([
    ["a null byte in the text", () => multipart(part('name="message"', "a\0b"))],
    ["text that is no UTF-8", () => multipart(part('name="message"', Uint8Array.from([0xff, 0xfe, 0x41])))],
    [
      "a file name that climbs",
      () => multipart(message, part('name="documents"; filename="../../../etc/passwd"', "x")),
    ],
    ["a file name of 10 kB", () => multipart(message, part(`name="documents"; filename="${"a".repeat(10_000)}"`, "x"))],
    ["a name in another encoding", () => multipart(message, part("name=\"documents\"; filename*=UTF-8''%00%ff", "x"))],
    ["something before the first boundary", () => Buffer.concat([Buffer.from("preamble\r\n"), multipart(message)])],
    ["something after the last one", () => Buffer.concat([multipart(message), Buffer.from("epilogue")])],
  ])("%s", async (_what, body) => {
    const before = await stored();
    const answer = await send(body());
    expect(answer.status).toBe(200);
    expect(await stored()).toBe(before + 1);
  });
});

describe("the other forms", () => {
  afterAll(() => portal.expectWell());

  it.each<[what: string, path: string, body: string, status: number]>([
    ["a code with a prototype in it", "/en/replies", "__proto__[a]=1&receipt-code[]=1&constructor=2", 400],
    ["a thousand fields", "/en/replies", Array.from({ length: 1_000 }, (_, index) => `f${index}=1`).join("&"), 400],
    ["a body of 100 kB", "/en/replies", `receipt-code=${"1".repeat(100_000)}`, 400],
    ["broken escapes", "/en/replies", "receipt-code=%zz%", 400],
    ["a null byte", "/en/replies", "receipt-code=%00", 400],
  ])("refuse %s", async (_what, path, body, status) => {
    const answer = await send(Buffer.from(body), type("application/x-www-form-urlencoded"), path);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain("</html>");
  });

  it("refuse 10^5 parts instead of an encrypted file", async () => {
    const body = many(100_000, (index) => part(`name="f${index}"`, ""));
    expect((await send(body, {}, "/en/encrypted")).status).toBeGreaterThanOrEqual(400);
  });
});
