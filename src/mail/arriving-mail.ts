import type { SMTPServerDataStream } from "smtp-server";
import { type EncryptedSpool, isOutOfSpace, type SpooledPart } from "../spool/index.js";
import { MessageIdentity } from "./identity.js";
import { SmtpRefusal, type SmtpRefusalCode } from "./smtp-refusal.js";

/** A message that is too large is read up to this many times the limit, so that its server sees the refusal. */
const MAX_REFUSED_FACTOR = 2;

export interface ArrivalLimits {
  readonly maxBytes: number;
  /** Whether there is room for so many bytes more. */
  readonly room: (bytes: number) => Promise<boolean>;
}

/** A message that has arrived whole. */
export interface ArrivedMail {
  readonly part: SpooledPart;
  /** Digest of what identifies it. */
  readonly digest: Uint8Array;
}

/** The sending server goes on and on. */
export class EndlessMailError extends Error {}

/**
 * Reads a message into `spool`. A fault does not end the reading: a sending server listens only after it has sent all.
 * @throws SmtpRefusal, EndlessMailError, or the stream's own error when the connection ends
 */
export async function receiveMail(
  stream: SMTPServerDataStream,
  spool: EncryptedSpool,
  { maxBytes, room }: ArrivalLimits,
): Promise<ArrivedMail> {
  const identity = new MessageIdentity();
  const writer = spool.begin();
  let fault: SmtpRefusal | null = null;
  let bytes = 0;
  const fail = (code: SmtpRefusalCode, cause?: unknown) => {
    fault ??= new SmtpRefusal(code, { cause });
  };
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new Error("a message is bytes");
    bytes += chunk.length;
    if (bytes > MAX_REFUSED_FACTOR * maxBytes) throw new EndlessMailError("the message has no end");
    if (bytes > maxBytes) fail("too_large");
    else if (fault === null && !(await room(chunk.length))) fail("no_space");
    if (fault !== null) continue;
    identity.update(chunk);
    await writer.write(chunk).catch(failWriting);
  }
  const part = await writer.end().catch(failWriting);
  if (fault !== null || part === undefined) throw fault ?? new SmtpRefusal("cannot_store");
  return { part, digest: identity.digest() };

  function failWriting(cause: unknown): undefined {
    fail(isOutOfSpace(cause) ? "no_space" : "cannot_store", cause);
  }
}
