import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { RequestHandler } from "express";

/** Contents that are the same for everyone, compressed once: only what echoes nobody's words may be. */
export function staticAnswer(type: string, contents: string | Buffer, cacheControl?: string): RequestHandler {
  const identity = Buffer.from(contents);
  const encoded: Readonly<Record<string, Buffer>> = {
    br: brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length } }),
    gzip: gzipSync(identity, { level: 9 }),
    identity,
  };
  return (request, response) => {
    const encoding = request.acceptsEncodings("br", "gzip", "identity") || "identity";
    response.vary("Accept-Encoding").type(type);
    if (encoding !== "identity") response.setHeader("Content-Encoding", encoding);
    if (cacheControl !== undefined) response.setHeader("Cache-Control", cacheControl);
    response.send(encoded[encoding]);
  };
}
