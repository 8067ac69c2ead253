import { Fault, TOO_COMPRESSED } from "../core/index.js";

export type DecryptFault =
  | "not_a_message"
  | "no_matching_key"
  | "damaged"
  | "too_many_recipients"
  /** The contents grow to more than the limit when decompressed. */
  | "too_compressed";

export class DecryptError extends Fault<DecryptFault> {}

export function damaged(cause: unknown): DecryptError {
  return new DecryptError("damaged", "the message is damaged: its integrity check failed", { cause });
}

/** The error for contents that grow too much when decompressed; null if `cause` is another error of openpgp.js. */
export function tooCompressed(cause: unknown): DecryptError | null {
  for (let each = cause; each instanceof Error; each = each.cause) {
    if (/Maximum decompressed (?:message )?size exceeded/.test(each.message)) {
      return new DecryptError("too_compressed", TOO_COMPRESSED, { cause });
    }
  }
  return null;
}

/** `data` with its errors turned into DecryptError. */
export function withOurErrors(data: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = data.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await reader.read().catch((cause: unknown) => {
          throw tooCompressed(cause) ?? damaged(cause);
        });
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
