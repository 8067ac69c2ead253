import type { Hash } from "node:crypto";

/** Passes everything on and adds it to `hash`. What `atEnd` throws breaks the stream off before its end is seen. */
export function hashing(hash: Hash, atEnd: () => void = () => undefined): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      hash.update(chunk);
      controller.enqueue(chunk);
    },
    flush: atEnd,
  });
}
