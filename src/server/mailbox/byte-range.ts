/** At most so much is held in memory for one answer; what asks for more gets its beginning. */
const MAX_RANGE_BYTES = 64 * 1024;
const RANGE = /^bytes=(0|[1-9]\d{0,11})-(0|[1-9]\d{0,11})$/;

export interface ByteRange {
  readonly from: number;
  readonly bytes: number;
}

/** The one range that a Range header asks for (RFC 9110 section 14.2); null for other headers, which may be ignored. */
export function readRange(header: string | undefined): ByteRange | null {
  const [, first, last] = RANGE.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) return null;
  return { from: Number(first), bytes: Math.min(MAX_RANGE_BYTES, Number(last) - Number(first) + 1) };
}

/** The first `bytes` bytes of `stream`, or all if it is shorter. */
export async function firstBytes(stream: ReadableStream<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const found = new Uint8Array(bytes);
  const reader = stream.getReader();
  let length = 0;
  try {
    while (length < bytes) {
      const { done, value } = await reader.read();
      if (done) break;
      const portion = value.subarray(0, bytes - length);
      found.set(portion, length);
      length += portion.length;
    }
  } finally {
    await reader.cancel();
  }
  return found.subarray(0, length);
}
