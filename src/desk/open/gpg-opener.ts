import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { Fault, maxContentBytes, TOO_COMPRESSED } from "../../core/index.js";
import { readSessionKeyPart } from "../../openpgp/packets/index.js";
import { extractSubmission, fillCase } from "./extract.js";
import type { Opener, Unpack } from "./opener.js";
import { ReadWriteLock } from "./read-write-lock.js";

/**
 * `missing`: gpg cannot be run. `refused`: it did not decrypt, or reported no integrity check for the plaintext.
 * `not_a_message`: gpg was not asked. `too_compressed`: the contents grow beyond the limit.
 */
export class GpgError extends Fault<"missing" | "refused" | "not_a_message" | "too_compressed"> {}

/** GnuPG found no key, so it wrote nothing. */
class NoKeyError extends GpgError {}

/** Each is tried with each of the agent's keys. */
const MAX_RECIPIENTS = 64;
/** Holds the session keys of that many recipients. */
const HEAD_BYTES = 512 * 1024;
/** Only the end of gpg's messages is kept. */
const MAX_MESSAGE_CHARS = 2_000;

/**
 * Decrypts with this machine's GnuPG and its agent's keys, smart cards included. GnuPG writes plaintext while it reads
 * and checks the integrity only at the end: until it reports success, nothing is kept.
 */
export function gpgOpener(command = "gpg", maxConcurrent = 1): Opener {
  const unpack = decrypt(command);
  const lock = new ReadWriteLock();
  return {
    maxConcurrent,
    open: (file, folder, source, onRead) =>
      fillCase(folder, source, (into) =>
        lock
          .shared(() => unpack(file, into, onRead))
          .catch((cause: unknown) => {
            // With hidden recipients, GnuPG 2.2 sometimes denies having a key when two processes ask its agent.
            if (!(cause instanceof NoKeyError)) throw cause;
            return lock.exclusive(() => unpack(file, into, onRead));
          }),
      ),
    close: async () => {},
  };
}

function decrypt(command: string): Unpack {
  return async (file, into, onRead) => {
    const size = await checkRecipients(file);
    const gpg = spawn(command, ["--quiet", "--status-fd", "3", "--decrypt", "--", file], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const failed = once(gpg, "error").then(([cause]) => {
      throw new GpgError("missing", `${command} cannot be run`, { cause });
    });
    const [, stdout, stderr, status] = gpg.stdio;
    const closed = new Promise<number | null>((resolve) => gpg.once("close", resolve));
    const output = Promise.all([textOf(stderr as Readable), textOf(status as Readable), closed]);
    // Each is awaited only on some paths; none may become an unhandled rejection.
    for (const promise of [failed, output]) promise.catch(() => undefined);
    try {
      const plaintext = Readable.toWeb(stdout as Readable) as ReadableStream<Uint8Array>;
      const content = plaintext.pipeThrough(limitTo(maxContentBytes(size)));
      const record = await Promise.race([extractSubmission(content, into), failed]).catch(async (cause: unknown) => {
        gpg.kill();
        if (cause instanceof GpgError) throw cause;
        const [message, report] = await Promise.race([output, failed]);
        throw isVerified(report) ? cause : refused(message, report, cause);
      });
      const [message, report] = await output;
      if (!isVerified(report)) throw refused(message, report);
      onRead?.(size);
      return record;
    } finally {
      gpg.kill();
    }
  };
}

/**
 * Lets only messages to recipients reach GnuPG. For one with a password it would ask staff for a passphrase, in the
 * window in which they otherwise type that of their key.
 * @returns the size of the file, bytes
 * @throws GpgError `not_a_message`
 */
async function checkRecipients(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const { count, passwords, next } = readSessionKeyPart(buffer.subarray(0, bytesRead));
    if (count === 0 || passwords > 0 || next === null || count > MAX_RECIPIENTS) {
      throw new GpgError("not_a_message", "this is not a message that is encrypted to keys, and to keys only");
    }
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function limitTo(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new GpgError("too_compressed", TOO_COMPRESSED);
      controller.enqueue(chunk);
    },
  });
}

/**
 * Whether GnuPG reports that it decrypted exactly one message and that its integrity check passed (its doc/DETAILS).
 * The exit code does not tell: after trying several keys it is 2 even if the last one fitted.
 */
function isVerified(report: string): boolean {
  // GnuPG escapes what it quotes from the message, so a hostile message cannot forge a line.
  const lines = report.split("\n").map((line) => line.replace(/^\[GNUPG:\] /, "").trim());
  const course = lines.flatMap((line) => /^(?:(?:BEGIN|END)_DECRYPTION|PLAINTEXT|DECRYPTION_OKAY)\b/.exec(line) ?? []);
  const intact = lines.includes("GOODMDC");
  const wrong = /^(?:DECRYPTION_FAILED|BADMDC|NODATA|UNEXPECTED|FAILURE|ERROR (?!pkdecrypt_failed))/;
  return (
    intact &&
    course.join() === "BEGIN_DECRYPTION,PLAINTEXT,DECRYPTION_OKAY,END_DECRYPTION" &&
    !lines.some((line) => wrong.test(line))
  );
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text = (text + chunk).slice(-MAX_MESSAGE_CHARS);
  return text;
}

function refused(message: string, report: string, cause?: unknown): GpgError {
  const line = message.trim().split("\n").at(-1) ?? "";
  const Kind = report.includes("DECRYPTION_INFO") ? GpgError : NoKeyError;
  return new Kind("refused", `gpg did not decrypt it: ${line}`, { cause });
}
