import { Fault } from "../core/index.js";
import { MessageInspector, type MessageReport } from "../openpgp/index.js";
import type { Recipients } from "./recipients.js";

/** `unknown_recipient`: all keys that a message names are somebody else's. `foreign_key`: some of them are. */
export class UnknownRecipientError extends Fault<"unknown_recipient" | "foreign_key"> {}

/** Whether every key that a message names is one of ours. Hidden recipients are not named. */
export function isForRecipients({ recipients: named }: MessageReport, recipients: Recipients): boolean {
  return foreignKeys(named, recipients) === 0;
}

function requireRecipients({ recipients: named }: MessageReport, recipients: Recipients): void {
  const foreign = foreignKeys(named, recipients);
  if (foreign === 0) return;
  throw foreign === named.length
    ? new UnknownRecipientError("unknown_recipient", "the message is encrypted for somebody else")
    : new UnknownRecipientError("foreign_key", "the message is also encrypted for somebody else");
}

function foreignKeys(named: MessageReport["recipients"], { all }: Recipients): number {
  return named.filter(({ key }) => key !== null && !all.some(({ certificate }) => certificate.has(key))).length;
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
      requireRecipients(inspector.finish(), recipients);
    },
  });
}
