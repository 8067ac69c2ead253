import { promisify } from "node:util";
import { brotliDecompress, constants, gunzip, inflate } from "node:zlib";
import type { Answer } from "./http-client.js";

const DECODERS: Readonly<Record<string, (octets: Buffer, most: number) => Promise<Buffer>>> = {
  br: (octets, most) => promisify(brotliDecompress)(octets, { maxOutputLength: most }),
  gzip: (octets, most) => promisify(gunzip)(octets, { maxOutputLength: most, finishFlush: constants.Z_FINISH }),
  deflate: (octets, most) => promisify(inflate)(octets, { maxOutputLength: most }),
};

/**
 * An answer's contents, decompressed as its header says.
 * @throws Error if that gives more than `most` octets, or cannot be done
 */
export async function decoded({ headers, octets, whole }: Answer, most: number): Promise<Buffer> {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return octets;
  const decode = DECODERS[encoding];
  if (decode === undefined) throw new Error("it is compressed in a way that was not asked for");
  if (!whole) throw new Error(`it is longer than ${most} octets before it is decompressed`);
  try {
    return await decode(octets, most);
  } catch (cause) {
    const grows = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    throw new Error(
      grows
        ? `it grows to more than ${most} octets when decompressed`
        : "what it says is compressed cannot be decompressed",
      { cause },
    );
  }
}
