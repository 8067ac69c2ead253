import { ReadableStream } from "node:stream/web";
import { Pieces } from "./byte-queue.js";
import { copy } from "./copy.js";

/** Bytes that are asked for where the reader brings no memory of its own. */
const BLOCK = 256 * 1024;

/**
 * A stream of bytes that copies what `pieces` yields into the reader's own memory, so that neither side needs new memory for
 * each block: pieces need stay as they are only until the next are asked for.
 * @param check is shown everything, in order; what it throws ends the stream
 */
export function byteStream(
  pieces: AsyncGenerator<readonly Uint8Array[], void, undefined>,
  check: { push(bytes: Uint8Array): void; finish(): unknown },
): globalThis.ReadableStream<Uint8Array> {
  const waiting = new Pieces();
  const stream = new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: BLOCK,
    async pull(controller) {
      const { byobRequest: request } = controller;
      const view = request?.view;
      if (request === null || !(view instanceof Uint8Array)) throw new Error("there is no memory to read into");
      let filled = 0;
      while (filled < view.length) {
        if (waiting.length === 0) {
          const next = await pieces.next();
          if (next.done === true) break;
          waiting.add(next.value);
        }
        for (const piece of waiting.take(view.length - filled)) {
          copy(piece, view, filled);
          filled += piece.length;
        }
      }
      check.push(view.subarray(0, filled));
      if (filled === 0) {
        check.finish();
        controller.close();
      }
      request.respond(filled);
    },
    async cancel() {
      await pieces.return();
    },
  });
  return stream as ReadableStream as globalThis.ReadableStream<Uint8Array>;
}
