import { promisify } from "node:util";
import zlib, { brotliDecompress, constants, gunzip, inflate } from "node:zlib";
import type { HttpResponse } from "./http-client.js";

/** Node has it from 22.15 on. */
const { zstdDecompress } = zlib as { readonly zstdDecompress?: typeof brotliDecompress };

const DECODERS: Readonly<Record<string, (bytes: Buffer, maxBytes: number) => Promise<Buffer>>> = {
  br: (bytes, maxBytes) => promisify(brotliDecompress)(bytes, { maxOutputLength: maxBytes }),
  gzip: (bytes, maxBytes) => promisify(gunzip)(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_FINISH }),
  deflate: (bytes, maxBytes) => promisify(inflate)(bytes, { maxOutputLength: maxBytes }),
  ...(zstdDecompress && { zstd: (bytes, maxBytes) => promisify(zstdDecompress)(bytes, { maxOutputLength: maxBytes }) }),
};

/**
 * Decompresses the body as its Content-Encoding says (RFC 9110 section 8.4).
 * @throws Error if the result exceeds `maxBytes`, the body is incomplete or malformed, or the encoding is unknown
 */
export async function decodeBody({ headers, bytes, complete }: HttpResponse, maxBytes: number): Promise<Buffer> {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return bytes;
  const decode = DECODERS[encoding];
  if (encoding === "zstd" && decode === undefined) throw new Error("the response uses zstd, which needs Node 22.15");
  if (decode === undefined) throw new Error("the response uses a content encoding that was not requested");
  if (!complete) throw new Error(`the compressed body is longer than ${maxBytes} bytes`);
  try {
    return await decode(bytes, maxBytes);
  } catch (cause) {
    const tooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw new Error(
      tooLarge
        ? `the body grows to more than ${maxBytes} bytes when decompressed`
        : `the body cannot be decompressed as ${encoding}`,
      { cause },
    );
  }
}
