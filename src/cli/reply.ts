import { writeReply } from "../desk/index.js";

export interface ReplyCommandOptions {
  readonly text: string;
  readonly attach?: readonly string[];
  readonly out: string;
}

/** `postern reply`: encrypts an answer to the submitter of one case, and prints the file that is to be carried over. */
export async function replyCommand(caseFolder: string, { text, attach = [], out }: ReplyCommandOptions): Promise<void> {
  process.umask(0o077);
  process.stdout.write(`${await writeReply({ caseFolder, text, attachments: attach, out })}\n`);
}
