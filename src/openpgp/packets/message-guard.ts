import { MessageInspector } from "./message-inspector.js";
import type { MessageLock } from "./packet-sequence.js";

/** Passes a message through unchanged. Fails with MessageError at the first chunk that cannot belong to one. */
export function messageGuard(lock: MessageLock = "recipients"): TransformStream<Uint8Array, Uint8Array> {
  const inspector = new MessageInspector(lock);
  return new TransformStream({
    transform(chunk, controller) {
      inspector.push(chunk);
      controller.enqueue(chunk);
    },
    flush() {
      inspector.finish();
    },
  });
}
