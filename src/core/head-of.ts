import { ByteReader } from "./byte-reader.js";

const READ_BYTES = 1024 * 1024;

/** The first `count` bytes of a stream, fewer where it ends, and a stream that begins with them again. */
export async function headOf(
  source: ReadableStream<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly stream: ReadableStream<Uint8Array> }> {
  const reader = new ByteReader(source);
  const head = await reader.upTo(count);
  let given = head.length === 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = given ? await reader.some(READ_BYTES) : head;
        given = true;
        if (next === null) controller.close();
        else controller.enqueue(next);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { head, stream };
}
