import { promisify } from "node:util";
import { brotliDecompress, constants, gunzip, inflate } from "node:zlib";
import type { Answer } from "./http-client.js";

const DECODERS: Readonly<Record<string, (bytes: Buffer, most: number) => Promise<Buffer>>> = {
  br: (bytes, most) => promisify(brotliDecompress)(bytes, { maxOutputLength: most }),
  gzip: (bytes, most) => promisify(gunzip)(bytes, { maxOutputLength: most, finishFlush: constants.Z_FINISH }),
  deflate: (bytes, most) => promisify(inflate)(bytes, { maxOutputLength: most }),
};

/**
 * An answer's contents, decompressed as its header says.
 * @throws Error if that gives more than `most` bytes, or cannot be done
 */
export async function decoded({ headers, bytes, whole }: Answer, most: number): Promise<Buffer> {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return bytes;
  const decode = DECODERS[encoding];
  if (decode === undefined) throw new Error("it is compressed in a way that was not asked for");
  if (!whole) throw new Error(`it is longer than ${most} bytes before it is decompressed`);
  try {
    return await decode(bytes, most);
  } catch (cause) {
    const grows = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw new Error(
      grows
        ? `it grows to more than ${most} bytes when decompressed`
        : "what it says is compressed cannot be decompressed",
      { cause },
    );
  }
}
