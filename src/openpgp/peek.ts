import { joinBytes } from "../core/index.js";

/** The beginning of a stream, and a stream that begins with it again; null if the beginning is the whole. */
export interface Peeked {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly stream: ReadableStream<Uint8Array> | null;
}

/** Reads until there are more than `maxBytes` bytes. Errors of the stream pass unchanged. */
export async function peek(source: ReadableStream<Uint8Array>, maxBytes: number): Promise<Peeked> {
  const reader = source.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const { done, value } = await reader.read();
    if (done) return { head: joinBytes(chunks), stream: null };
    chunks.push(value);
    length += value.length;
  }
  const head = joinBytes(chunks);
  let given = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!given) {
          given = true;
          return controller.enqueue(head);
        }
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { head, stream };
}
