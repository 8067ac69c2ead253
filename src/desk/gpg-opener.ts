import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { Fault } from "../core/index.js";
import { extractSubmission } from "./extract.js";
import type { Opener } from "./opener.js";

/** `missing`: there is no gpg. `refused`: it did not decrypt, or would not vouch for what it had decrypted. */
export class GpgError extends Fault<"missing" | "refused"> {}

/** Of what gpg has to say the last lines are enough. */
const LONGEST_COMPLAINT = 2_000;

/**
 * Decrypts with the GnuPG of this machine and whatever keys its agent has, on smart cards too. GnuPG writes while it reads, and
 * knows only at the end whether the message was whole: until it says so, nothing is kept.
 */
export function gpgOpener(command = "gpg", parallel = 1): Opener {
  return {
    parallel,
    open: async (file, folder, onRead) => {
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
        const record = await Promise.race([extractSubmission(plaintext, folder), failed]).catch(
          async (cause: unknown) => {
            gpg.kill();
            const [complaint, report] = await Promise.race([said, failed]);
            throw report.includes("DECRYPTION_OKAY") ? cause : refused(complaint, cause);
          },
        );
        const [complaint, report, code] = await said;
        if (code !== 0 || !report.includes("DECRYPTION_OKAY")) throw refused(complaint);
        onRead?.((await stat(file)).size);
        return record;
      } finally {
        gpg.kill();
      }
    },
    close: async () => {},
  };
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text = (text + chunk).slice(-LONGEST_COMPLAINT);
  return text;
}

function refused(complaint: string, cause?: unknown): GpgError {
  const line = complaint.trim().split("\n").at(-1) ?? "";
  return new GpgError("refused", `gpg did not decrypt it: ${line}`, { cause });
}
