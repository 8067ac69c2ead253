import { Fault } from "../core/index.js";
import { MessageInspector, type MessageReport } from "../openpgp/index.js";
import type { Recipients } from "./recipients.js";

export class UnknownRecipientError extends Fault<"unknown_recipient"> {}

/** Whether every recipient that the message names is one of ours, by key ID or fingerprint of any of its keys. */
export function isForRecipients(report: MessageReport, recipients: Recipients): boolean {
  const known = new Set(
    recipients.all.flatMap(({ certificate }) =>
      [certificate, ...certificate.getSubkeys()].flatMap((key) => [key.getFingerprint(), key.getKeyID().toHex()]),
    ),
  );
  return report.recipients.every(({ key }) => key === null || known.has(key));
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
      if (!isForRecipients(inspector.finish(), recipients)) {
        throw new UnknownRecipientError("unknown_recipient", "the message is encrypted for somebody else");
      }
    },
  });
}
