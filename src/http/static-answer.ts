import type { RequestHandler } from "express";
import { compressSmall, type Encoding, encodingFor } from "./encoding.js";

/** Serves fixed contents, compressed at the highest level on first request. */
export function staticAnswer(type: string, contents: string | Buffer, cacheControl?: string): RequestHandler {
  const identity = Buffer.from(contents);
  const made: Partial<Record<Encoding, Promise<Buffer>>> = {};
  return async (request, response) => {
    const encoding = encodingFor(request);
    response.vary("Accept-Encoding").type(type);
    if (cacheControl !== undefined) response.setHeader("Cache-Control", cacheControl);
    if (encoding === null) {
      response.send(identity);
      return;
    }
    made[encoding] ??= compressSmall(identity, encoding);
    const bytes = await made[encoding];
    response.setHeader("Content-Encoding", encoding);
    response.send(bytes);
  };
}
