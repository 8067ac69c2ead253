import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { RequestHandler } from "express";

const COMPRESSORS = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;

/**
 * Serves fixed contents, compressed at the highest level on first request. Use it only for responses that never echo
 * input, since compressing a secret beside input leaks it (BREACH).
 */
export function staticAnswer(type: string, contents: string | Buffer, cacheControl?: string): RequestHandler {
  const identity = Buffer.from(contents);
  const made: Partial<Record<keyof typeof COMPRESSORS, Promise<Buffer>>> = {};
  return async (request, response) => {
    const encoding = request.acceptsEncodings("br", "gzip", "identity");
    response.vary("Accept-Encoding").type(type);
    if (cacheControl !== undefined) response.setHeader("Cache-Control", cacheControl);
    if (encoding !== "br" && encoding !== "gzip") {
      response.send(identity);
      return;
    }
    made[encoding] ??= COMPRESSORS[encoding](identity);
    const bytes = await made[encoding];
    response.setHeader("Content-Encoding", encoding);
    response.send(bytes);
  };
}
