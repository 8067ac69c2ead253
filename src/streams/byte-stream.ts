import { ReadableStream } from "node:stream/web";
import { ByteQueue } from "./byte-queue.js";
import { copy } from "./copy.js";

/** Buffer size for a reader that does not bring its own buffer. */
const DEFAULT_READ_BYTES = 256 * 1024;

/** Sees every byte of a stream in order. What it throws fails the stream. */
interface StreamCheck {
  push(bytes: Uint8Array): void;
  finish(): unknown;
}

/**
 * A byte stream that copies what `source` yields into the reader's own buffer, so that neither side allocates per
 * block.
 * @param source may reuse the chunks it yielded once it is asked for the next ones
 * @param check sees the bytes before the reader does
 */
export function byteStream(
  source: AsyncGenerator<readonly Uint8Array[], void, undefined>,
  check: StreamCheck,
): globalThis.ReadableStream<Uint8Array> {
  const queue = new ByteQueue();
  const stream = new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: DEFAULT_READ_BYTES,
    async pull(controller) {
      const { byobRequest: request } = controller;
      const view = request?.view;
      if (request === null || !(view instanceof Uint8Array)) throw new Error("there is no buffer to read into");
      let filled = 0;
      while (filled < view.length) {
        if (queue.length === 0) {
          const next = await source.next();
          if (next.done === true) break;
          queue.push(next.value);
        }
        for (const chunk of queue.take(view.length - filled)) {
          copy(chunk, view, filled);
          filled += chunk.length;
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
      await source.return();
    },
  });
  return stream as ReadableStream as globalThis.ReadableStream<Uint8Array>;
}
