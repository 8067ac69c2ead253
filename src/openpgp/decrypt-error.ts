import { Fault, TOO_COMPRESSED } from "../core/index.js";
import type { StallWatchdog } from "./stall-watchdog.js";

/** The codes after `unreadable` are those of `diagnose`. */
export type DecryptFault =
  | "not_a_message"
  | "no_matching_key"
  | "damaged"
  | "too_many_recipients"
  /** The stream of the encrypted message has failed. */
  | "unreadable"
  | "empty"
  | "truncated"
  | "trailing_data"
  | "not_encrypted"
  | "password_encrypted"
  | "unsupported"
  | "bad_armor"
  | "locked_key"
  | "card_key"
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

/** A medium that fails must not pass for a message that is damaged; a guard's refusal of the message may. */
export function unreadableOr(cause: unknown, sourceFault: { readonly cause: unknown } | null): unknown {
  if (sourceFault === null || sourceFault.cause instanceof Fault) return cause;
  return new DecryptError("unreadable", "the file cannot be read", { cause: sourceFault.cause });
}

/** `data` with its errors turned into DecryptError. Fails if its reader waits for ever. */
export function withOurErrors(data: ReadableStream<Uint8Array>, watchdog: StallWatchdog): ReadableStream<Uint8Array> {
  const reader = data.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await watchdog.watch(reader.read()).catch(async (cause: unknown) => {
          await watchdog.cancel(cause);
          throw unreadableOr(tooCompressed(cause) ?? damaged(cause), watchdog.sourceFault);
        });
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
