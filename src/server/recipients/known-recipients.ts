import { MessageInspector, type MessageReport, requireRecipients } from "../../openpgp/index.js";
import type { Recipients } from "./recipients.js";

/**
 * Requires that each key which a message names is one of ours. Hidden recipients are not named.
 * @throws UnknownRecipientError
 */
export function requireOurs(named: MessageReport["recipients"], { all }: Recipients): void {
  requireRecipients(named, (key) => all.some(({ certificate }) => certificate.has(key)));
}

/**
 * Passes one encrypted message to hidden or known recipients through unchanged, and fails, before any of it has passed,
 * at the first chunk that cannot belong to one.
 */
export function recipientsGuard(recipients: Recipients): TransformStream<Uint8Array, Uint8Array> {
  const inspector = new MessageInspector();
  return new TransformStream({
    transform(chunk, controller) {
      inspector.push(chunk);
      controller.enqueue(chunk);
    },
    flush() {
      requireOurs(inspector.finish().recipients, recipients);
    },
  });
}
