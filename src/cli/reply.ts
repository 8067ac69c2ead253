import { writeReply } from "../desk/index.js";

export interface ReplyOptions {
  readonly text: string;
  readonly attach?: readonly string[];
  readonly out: string;
}

/** `postern reply`: encrypts a reply to the submitter of a case, and prints the path of the encrypted file. */
export async function reply(caseFolder: string, { text, attach = [], out }: ReplyOptions): Promise<void> {
  process.umask(0o077);
  process.stdout.write(`${await writeReply({ caseFolder, text, attachments: attach, out })}\n`);
}
