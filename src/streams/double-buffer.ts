const BLOCK_BYTES = 1024 * 1024;

/**
 * A stream of `size` bytes from two buffers: one is filled while the reader has the other. A chunk is valid until the
 * next one is asked for.
 * @param fill fills a block with the bytes from `position` on
 */
export function doubleBuffered(
  size: number,
  fill: (block: Uint8Array, position: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  let [spare, other] = [0, 1].map(() => new Uint8Array(Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, size)).buffer));
  let position = 0;
  let filling: Promise<Uint8Array> | null = null;
  const begin = (): Promise<Uint8Array> | null => {
    const block = spare?.subarray(0, size - position);
    if (block === undefined || block.length === 0) return null;
    [spare, other] = [other, spare];
    const filled = fill(block, position).then(() => block);
    // The next pull reports the error, if there is one.
    filled.catch(() => undefined);
    position += block.length;
    return filled;
  };
  return new ReadableStream(
    {
      async pull(controller) {
        const block = await (filling ?? begin());
        if (block === null) return controller.close();
        filling = begin();
        controller.enqueue(block);
        if (filling === null) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
