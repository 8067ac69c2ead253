import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Request } from "express";

export type Encoding = "br" | "gzip";

/** The shorter of the encodings that a browser takes, or null. Browsers name gzip first, and prefer neither. */
export function encodingFor(request: Request): Encoding | null {
  const found = request.acceptsEncodings("br") || request.acceptsEncodings("gzip");
  return found === "br" || found === "gzip" ? found : null;
}

/** As short as it gets: for what is compressed once. */
export function compressSmall(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "br") return promisify(brotliCompress)(bytes);
  return promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });
}

/** Within a millisecond: for what is made for one answer. */
export function compressFast(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "br") return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return promisify(gzip)(bytes);
}
