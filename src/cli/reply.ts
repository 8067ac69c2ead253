import { Fault } from "../core/index.js";
import { writeReply } from "../desk/index.js";
import { adviceFor } from "./advice.js";

/** A refusal of a reply, with its code and what to do. */
class RefusedReply extends Fault<string> {}

export interface ReplyOptions {
  readonly text: string;
  readonly attach?: readonly string[];
  readonly out: string;
}

/** `postern reply`: encrypts a reply to the submitter of a case, and prints the path of the encrypted file. */
export async function reply(caseFolder: string, { text, attach = [], out }: ReplyOptions): Promise<void> {
  process.umask(0o077);
  try {
    process.stdout.write(`${await writeReply({ caseFolder, text, attachments: attach, out })}\n`);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new RefusedReply(String(cause.code), `${cause.message}\n${adviceFor([String(cause.code)])}`.trimEnd(), {
      cause,
    });
  }
}
