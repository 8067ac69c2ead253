import type { IncomingMessage } from "node:http";
import { UploadRefusal } from "./upload-refusal.js";

/**
 * What a request brings, as it comes.
 * @param most bytes
 * @throws UploadRefusal `too_large` in the middle; whatever breaks the connection
 */
export async function* bodyPieces(request: IncomingMessage, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  // Destroyed, it could not be answered any more.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > most) throw new UploadRefusal("too_large");
    yield piece;
  }
}
