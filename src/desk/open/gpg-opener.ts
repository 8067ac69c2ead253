import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { Fault } from "../../core/index.js";
import { extractSubmission, fillCase } from "./extract.js";
import type { Opener, Unpack } from "./opener.js";
import { Turns } from "./read-write-lock.js";

/** `missing`: there is no gpg. `refused`: it did not decrypt, or would not vouch for what it had decrypted. */
export class GpgError extends Fault<"missing" | "refused"> {}

/** It had not even begun: no key was to be had. */
class NoKeyError extends GpgError {}

/** Of what gpg has to say the last lines are enough. */
const LONGEST_COMPLAINT = 2_000;

/**
 * Decrypts with the GnuPG of this machine and whatever keys its agent has, on smart cards too. GnuPG writes while it reads, and
 * knows only at the end whether the message was whole: until it says so, nothing is kept.
 */
export function gpgOpener(command = "gpg", parallel = 1): Opener {
  const unpack = decrypt(command);
  const turns = new Turns();
  return {
    parallel,
    open: (file, folder, source, onRead) =>
      fillCase(folder, source, (into) =>
        turns
          .beside(() => unpack(file, into, onRead))
          .catch((cause: unknown) => {
            // The agent of GnuPG 2.2, asked by two at once for keys that a message does not name, now and then says that it has none.
            if (!(cause instanceof NoKeyError)) throw cause;
            return turns.alone(() => unpack(file, into, onRead));
          }),
      ),
    close: async () => {},
  };
}

function decrypt(command: string): Unpack {
  return async (file, into, onRead) => {
    const gpg = spawn(command, ["--quiet", "--status-fd", "3", "--decrypt", "--", file], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const failed = once(gpg, "error").then(([cause]) => {
      throw new GpgError("missing", `${command} cannot be run`, { cause });
    });
    const [, stdout, stderr, status] = gpg.stdio;
    const closed = new Promise<number | null>((resolve) => gpg.once("close", resolve));
    const said = Promise.all([textOf(stderr as Readable), textOf(status as Readable), closed]);
    // Whoever waits for one of them must not miss the other's failure.
    for (const promise of [failed, said]) promise.catch(() => undefined);
    try {
      const plaintext = Readable.toWeb(stdout as Readable) as ReadableStream<Uint8Array>;
      const record = await Promise.race([extractSubmission(plaintext, into), failed]).catch(async (cause: unknown) => {
        gpg.kill();
        const [complaint, report] = await Promise.race([said, failed]);
        throw vouches(report) ? cause : refused(complaint, report, cause);
      });
      const [complaint, report] = await said;
      if (!vouches(report)) throw refused(complaint, report);
      onRead?.((await stat(file)).size);
      return record;
    } finally {
      gpg.kill();
    }
  };
}

/**
 * Whether GnuPG says that it has decrypted one message, whole and unchanged, and nothing else (its doc/DETAILS). Not by its exit
 * code: with several keys it tries one after the other, and ends with 2 although the last of them fitted.
 */
function vouches(report: string): boolean {
  // Whatever comes from the message is escaped there, and so never a line of its own.
  const said = report.split("\n").map((line) => line.replace(/^\[GNUPG:\] /, "").trim());
  const course = said.flatMap((line) => /^(?:(?:BEGIN|END)_DECRYPTION|PLAINTEXT|DECRYPTION_OKAY)\b/.exec(line) ?? []);
  const intact = said.includes("GOODMDC");
  const wrong = /^(?:DECRYPTION_FAILED|BADMDC|NODATA|UNEXPECTED|FAILURE|ERROR (?!pkdecrypt_failed))/;
  return (
    intact &&
    course.join() === "BEGIN_DECRYPTION,PLAINTEXT,DECRYPTION_OKAY,END_DECRYPTION" &&
    !said.some((line) => wrong.test(line))
  );
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text = (text + chunk).slice(-LONGEST_COMPLAINT);
  return text;
}

function refused(complaint: string, report: string, cause?: unknown): GpgError {
  const line = complaint.trim().split("\n").at(-1) ?? "";
  const Kind = report.includes("DECRYPTION_INFO") ? GpgError : NoKeyError;
  return new Kind("refused", `gpg did not decrypt it: ${line}`, { cause });
}
