import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { type MessageNotes, maxContentBytes, NO_NOTES, TOO_COMPRESSED } from "../../core/index.js";
import { holdsArmor, readSessionKeyPart } from "../../openpgp/packets/index.js";
import { CaseWriter } from "./case-writer.js";
import { extractContents, fillCase } from "./extract.js";
import { CONTENTS_FILE } from "./foreign-case.js";
import { GpgError, GpgProcess, type GpgReport } from "./gpg-process.js";
import { type Opener, STALL_TIMEOUT_MS, type Unpack } from "./opener.js";
import { OpenError } from "./outcome.js";
import { ReadWriteLock } from "./read-write-lock.js";

/** GnuPG found no key, so it wrote nothing. */
class NoKeyError extends GpgError {}

/** Each is tried with each of the agent's keys. */
const MAX_RECIPIENTS = 64;
/** Holds the session keys of that many recipients. */
const HEAD_BYTES = 512 * 1024;
const MAX_SIGNERS = 8;
/** Before each further try, alone, of a message that GnuPG has no key for: its agent may still be busy after a run. */
const RETRY_DELAYS_MS = [0, 250];

/**
 * Decrypts with this machine's GnuPG and its agent's keys, smart cards included. GnuPG writes plaintext while it reads
 * and checks the integrity only at the end: until it reports success, nothing is kept.
 * @param stallTimeoutMs how long gpg may make no progress
 */
export function gpgOpener(command = "gpg", maxConcurrent = 1, stallTimeoutMs = STALL_TIMEOUT_MS): Opener {
  const running = new Set<GpgProcess>();
  const unpack = decrypt((file) => {
    const gpg = new GpgProcess(command, file, stallTimeoutMs);
    running.add(gpg);
    gpg.exited.then(() => running.delete(gpg));
    return gpg;
  });
  const lock = new ReadWriteLock();
  return {
    maxConcurrent,
    open: (file, folder, source, onRead) =>
      fillCase(new CaseWriter(folder), file, source, (into) =>
        lock
          .shared(() => unpack(file, into, onRead))
          .catch((cause: unknown) => {
            if (!(cause instanceof NoKeyError)) throw cause;
            return lock.exclusive(() => retry(() => unpack(file, into, onRead)));
          }),
      ),
    close: async () => {
      for (const gpg of running) gpg.stop();
      await Promise.all([...running].map(({ exited }) => exited));
    },
  };
}

/** With hidden recipients, GnuPG 2.2 sometimes denies having a key when two processes ask its agent. */
async function retry<T>(attempt: () => Promise<T>, [delayMs, ...later] = RETRY_DELAYS_MS): Promise<T> {
  await setTimeout(delayMs);
  return attempt().catch((cause: unknown) => {
    if (!(cause instanceof NoKeyError) || later.length === 0) throw cause;
    return retry(attempt, later);
  });
}

function decrypt(start: (file: string) => GpgProcess): Unpack {
  return async (file, into, onRead) => {
    const size = await checkRecipients(file);
    const gpg = start(file);
    try {
      const content = gpg.plaintext.pipeThrough(limitTo(maxContentBytes(size)));
      const extracted = await extractContents(content, NO_NOTES, into).catch(async (cause: unknown) => {
        // Our own disk is to blame, or the limit: whether the message is intact does not matter.
        if (cause instanceof OpenError || cause instanceof GpgError) throw cause;
        const report = await gpg.ended;
        throw isVerified(report) ? cause : refused(report, cause);
      });
      const report = await gpg.ended;
      if (!isVerified(report)) throw refused(report);
      onRead?.(size);
      return extracted.layout === "form" ? extracted : { ...extracted, notes: notesIn(report) };
    } catch (cause) {
      // For the next try, and for a GnuPG that wrote nothing.
      into.discard(CONTENTS_FILE);
      throw cause;
    } finally {
      gpg.stop();
    }
  };
}

/**
 * Lets only messages to recipients reach GnuPG. For one with a password it would ask staff for a passphrase, in the
 * window in which they otherwise type that of their key.
 * @returns the size of the file, bytes
 * @throws GpgError `not_a_message`, or `armored` for text, in which such a message could hide
 */
async function checkRecipients(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (holdsArmor(head)) throw new GpgError("armored", "this is text, of which GnuPG is not asked");
    const { count, passwords, next } = readSessionKeyPart(head);
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
function isVerified({ status }: GpgReport): boolean {
  // GnuPG escapes what it quotes from the message, so a hostile message cannot forge a line.
  const course = status.flatMap((line) => /^(?:(?:BEGIN|END)_DECRYPTION|PLAINTEXT|DECRYPTION_OKAY)\b/.exec(line) ?? []);
  const wrong = /^(?:DECRYPTION_FAILED|BADMDC|NODATA|UNEXPECTED|FAILURE|ERROR (?!pkdecrypt_failed))/;
  return (
    status.includes("GOODMDC") &&
    course.join() === "BEGIN_DECRYPTION,PLAINTEXT,DECRYPTION_OKAY,END_DECRYPTION" &&
    !status.some((line) => wrong.test(line))
  );
}

/** What the message says of its contents (GnuPG's doc/DETAILS). Every signature counts as unverified. */
function notesIn({ status }: GpgReport): MessageNotes {
  const name = status.flatMap((line) => /^PLAINTEXT \w+ \d* ?(.*)$/.exec(line)?.[1] ?? [])[0] ?? "";
  const signers = status.flatMap((line) => /^(?:ERR|GOOD|BAD|EXP|EXPKEY|REVKEY)SIG (\w{16})\b/.exec(line)?.[1] ?? []);
  return { fileName: name === "_CONSOLE" ? "" : unescaped(name), signers: [...new Set(signers)].slice(0, MAX_SIGNERS) };
}

/** GnuPG writes what is not printable ASCII as %XX. */
function unescaped(text: string): string {
  const bytes = text.match(/%[0-9A-Fa-f]{2}|./gs)?.flatMap((part) => {
    return part.length === 3 ? [Number.parseInt(part.slice(1), 16)] : [...new TextEncoder().encode(part)];
  });
  return new TextDecoder().decode(Uint8Array.from(bytes ?? []));
}

/** Codes of libgpg-error, in the low half of a status line's number. */
const REASONS: readonly (readonly [codes: readonly number[], GpgError["code"], string])[] = [
  [[11, 87, 99, 177, 198], "no_passphrase", "GnuPG was not given the passphrase or PIN"],
  [[86], "no_pinentry", "GnuPG has no program that asks for the passphrase"],
  [[108, 110, 111, 112, 130], "no_card", "the smart card is missing, removed or blocked"],
];

function refused({ message, status }: GpgReport, cause?: unknown): GpgError {
  const codes = status.flatMap((line) => {
    const number = /^ERROR pkdecrypt_failed (\d+)/.exec(line)?.[1];
    return number === undefined ? [] : [Number(number) & 0xffff];
  });
  const says = (...words: readonly string[]) => status.some((line) => words.includes(line.split(" ")[0] ?? ""));
  if (says("DECRYPTION_INFO")) {
    return says("BADMDC", "DECRYPTION_FAILED")
      ? new GpgError("damaged", "the message is damaged: its integrity check failed", { cause })
      : new GpgError("refused", `gpg did not decrypt it: ${lastLine(message)}`, { cause });
  }
  if (says("NODATA")) {
    return new GpgError("not_a_message", "this is not an OpenPGP message", { cause });
  }
  const reason = REASONS.find(([numbers]) => codes.some((code) => numbers.includes(code)));
  if (reason !== undefined) return new GpgError(reason[1], reason[2], { cause });
  // For a hidden recipient it tries each key and names none.
  if (says("NO_SECKEY") || says("DECRYPTION_FAILED")) {
    return new NoKeyError("no_matching_key", "none of GnuPG's keys opens this message", { cause });
  }
  return new NoKeyError("refused", `gpg did not decrypt it: ${lastLine(message)}`, { cause });
}

function lastLine(message: string): string {
  return message.trim().split("\n").at(-1) ?? "";
}
