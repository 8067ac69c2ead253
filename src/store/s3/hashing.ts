import type { Hash } from "node:crypto";

/** Updates `hash` with everything that passes through. If `atEnd` throws, the stream fails instead of ending. */
export function hashing(hash: Hash, atEnd: () => void = () => undefined): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
    flush: atEnd,
  });
}
