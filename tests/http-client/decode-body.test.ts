import zlib, { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBody, type HttpResponse, readSocksProxy } from "../../src/http-client/index.js";

/** Node has it from 22.15 on. */
const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: typeof brotliCompressSync };
const CONTENTS = Buffer.from("ж".repeat(1_000));

const response = (bytes: Buffer, encoding?: string, complete = true): HttpResponse => ({
  status: 200,
  headers: encoding === undefined ? {} : { "content-encoding": encoding },
  bytes,
  complete,
  body: bytes.toString("utf8"),
  certificateExpires: null,
});

describe("the body of a response", () => {
  it.each<readonly [string, string | undefined, Buffer]>([
    ["none", undefined, CONTENTS],
    ["identity", "identity", CONTENTS],
    ["gzip", "gzip", gzipSync(CONTENTS)],
    ["deflate", "deflate", deflateSync(CONTENTS)],
    ["br", "br", brotliCompressSync(CONTENTS)],
    ...(zstdCompressSync ? [["zstd", "zstd", zstdCompressSync(CONTENTS)] as const] : []),
  ])("is decoded with content encoding %s, up to the limit and no further", async (_what, encoding, bytes) => {
    expect((await decodeBody(response(bytes, encoding), CONTENTS.length)).equals(CONTENTS)).toBe(true);
    if (encoding === undefined || encoding === "identity") return;
    await expect(decodeBody(response(bytes, encoding), CONTENTS.length - 1)).rejects.toThrow(
      `grows to more than ${CONTENTS.length - 1} bytes`,
    );
  });

  it.each([
    ["compress", CONTENTS, true, "was not requested"],
    ["zstd", CONTENTS, true, zstdCompressSync ? "cannot be decompressed as zstd" : "needs Node 22.15"],
    ["gzip", gzipSync(CONTENTS), false, "the compressed body is longer than 10000 bytes"],
    ["gzip", gzipSync(CONTENTS).subarray(0, -1), true, "cannot be decompressed as gzip"],
    ["br", Buffer.from("plain"), true, "cannot be decompressed as br"],
  ])("is refused with content encoding %s where it cannot be decoded", async (encoding, bytes, complete, said) => {
    await expect(decodeBody(response(bytes, encoding, complete), 10_000)).rejects.toThrow(said);
  });
});

describe("the address of a SOCKS proxy", () => {
  it.each([
    ["127.0.0.1:9050", { host: "127.0.0.1", port: 9050 }],
    ["tor:65535", { host: "tor", port: 65_535 }],
    ["tor:65536", null],
    ["tor", null],
    [":9050", null],
    ["socks5://tor:9050", null],
  ])("%s is read as %j", (text, proxy) => {
    expect(readSocksProxy(text)).toEqual(proxy);
  });
});
