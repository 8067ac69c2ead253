import type { Readable } from "node:stream";

/**
 * The bytes of one part of a multipart body. Giving them up does not end the request: whoever has it reads on past them,
 * since the parts behind it are still to come.
 *
 * @param limit the most bytes there may be, and what the stream fails with if there is one more
 */
export function partStream(
  part: Readable,
  limit?: { readonly most: number; readonly error: Error; readonly onBytes?: (bytes: number) => void },
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
        if (limit !== undefined && bytes > limit.most) {
          // As long as the iterator is there, nobody else can read the rest.
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
