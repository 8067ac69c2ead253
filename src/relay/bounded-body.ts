/** A body had more bytes than it may have. */
export class BodyTooLongError extends Error {}

/** Passes a body on as it comes, with backpressure. Its stream fails with BodyTooLongError after `maxBytes` bytes. */
export function boundedBody(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new BodyTooLongError("the body is too long");
      controller.enqueue(chunk);
    },
  });
}
