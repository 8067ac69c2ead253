/**
 * Cuts a stream into chunks of exactly `size` bytes, the last one shorter, so that chunk boundaries reveal nothing
 * about what the stream was put together from.
 */
export function rechunk(size: number): TransformStream<Uint8Array, Uint8Array> {
  let buffer = new Uint8Array(size);
  let filled = 0;
  return new TransformStream({
    transform(chunk, controller) {
      let rest = chunk;
      while (rest.length > 0) {
        if (filled === 0 && rest.length >= size) {
          // Zero-copy: a whole chunk is passed on as a view.
          controller.enqueue(rest.subarray(0, size));
          rest = rest.subarray(size);
          continue;
        }
        const portion = rest.subarray(0, size - filled);
        buffer.set(portion, filled);
        filled += portion.length;
        rest = rest.subarray(portion.length);
        if (filled < size) continue;
        controller.enqueue(buffer);
        buffer = new Uint8Array(size);
        filled = 0;
      }
    },
    flush(controller) {
      if (filled > 0) controller.enqueue(buffer.subarray(0, filled));
    },
  });
}
