import type { Readable } from "node:stream";

/**
 * The bytes of one part of a multipart body. Cancelling the stream does not end the request, whose parser must still
 * read the parts after it.
 *
 * @param limit the stream fails with `error` beyond `maxBytes`; `onBytes` is called with the size of each chunk
 */
export function partStream(
  part: Readable,
  limit?: { readonly maxBytes: number; readonly error: Error; readonly onBytes?: (bytes: number) => void },
): ReadableStream<Uint8Array> {
  const chunks = part.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let bytes = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) return controller.close();
        bytes += value.length;
        limit?.onBytes?.(value.length);
        if (limit !== undefined && bytes > limit.maxBytes) {
          // Until the iterator is released, nothing else can read the rest.
          await chunks.return?.();
          throw limit.error;
        }
        controller.enqueue(value);
      },
      cancel: async () => void (await chunks.return?.()),
    },
    { highWaterMark: 0 },
  );
}
