/**
 * Cuts a stream into blocks of exactly `size` bytes, the last one shorter. What comes after cannot tell, by where its
 * chunks begin, what the stream was put together from.
 */
export function inBlocks(size: number): TransformStream<Uint8Array, Uint8Array> {
  let block = new Uint8Array(size);
  let filled = 0;
  return new TransformStream({
    transform(chunk, controller) {
      let rest = chunk;
      while (rest.length > 0) {
        if (filled === 0 && rest.length >= size) {
          // A whole block is passed on as it lies.
          controller.enqueue(rest.subarray(0, size));
          rest = rest.subarray(size);
          continue;
        }
        const portion = rest.subarray(0, size - filled);
        block.set(portion, filled);
        filled += portion.length;
        rest = rest.subarray(portion.length);
        if (filled < size) continue;
        controller.enqueue(block);
        block = new Uint8Array(size);
        filled = 0;
      }
    },
    flush(controller) {
      if (filled > 0) controller.enqueue(block.subarray(0, filled));
    },
  });
}
