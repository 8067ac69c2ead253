import type { Bucket } from "./bucket.js";
import { cover, type Piece } from "./pieces.js";
import { uploadKeys } from "./upload-keys.js";

/** A piece is a sixteenth of what has arrived, within these limits, so that small uploads take little memory. */
const MIN_PIECE_BYTES = 256 * 1024;
const MAX_PIECE_BYTES = 8 * 1024 * 1024;
const SHARE = 16;

/** Stores `chunks` as pieces from `offset` on. What arrived before an error is stored too. Returns the new offset. */
export async function putPieces(
  bucket: Bucket,
  id: string,
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  today: () => string,
): Promise<number> {
  let end = offset;
  let buffered: Uint8Array[] = [];
  let bytes = 0;
  const flush = async () => {
    if (bytes === 0) return;
    const piece = Buffer.concat(buffered, bytes);
    buffered = [];
    bytes = 0;
    await bucket.put(uploadKeys.piece(id, end, piece.length, today()), piece);
    end += piece.length;
  };
  try {
    for await (const chunk of chunks) {
      buffered.push(chunk);
      bytes += chunk.length;
      if (bytes >= Math.min(MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, end / SHARE))) await flush();
    }
  } catch (cause) {
    // The first error tells more than one from storing the rest.
    await flush().catch(() => undefined);
    throw cause;
  }
  await flush();
  return end;
}

/** The bytes of an upload from the byte `from` on, as far as `pieces` cover it without a gap. */
export function joinPieces(bucket: Bucket, pieces: readonly Piece[], from = 0): ReadableStream<Uint8Array> {
  const chunks = chunksOf(bucket, pieces, from);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

async function* chunksOf(bucket: Bucket, pieces: readonly Piece[], from: number): AsyncGenerator<Uint8Array> {
  for (const { piece, skip } of cover(pieces).portions) {
    if (piece.offset + piece.length <= from) continue;
    yield* await bucket.get(piece.key, Math.max(skip, from - piece.offset));
  }
}
