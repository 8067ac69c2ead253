import { showLetter } from "../cases/index.js";
import { Fault } from "../core/index.js";
import {
  type AnswerSource,
  answerCase,
  answerText,
  caseOf,
  distinctMailboxes,
  readReplyText,
  templateLanguage,
  writeCaseIndex,
  writeCaseNote,
} from "../desk/index.js";
import type { Recipient } from "../openpgp/index.js";
import { adviceFor } from "./advice.js";
import { failureLine, printable } from "./printable.js";
import { staffCertificates } from "./staff-certificates.js";

/** A refusal of a reply, with its code and what to do. */
class RefusedReply extends Fault<string> {}

export class ReplyUsageError extends Fault<"invalid_usage"> {}

export interface ReplyOptions {
  /** File with the text. */
  readonly text?: string;
  /** Name of a template in the folder of the cases. */
  readonly template?: string;
  /** Of the template, instead of the letter's. */
  readonly language?: string;
  readonly attach?: readonly string[];
  readonly out: string;
  /** Prints what would be sent, and writes nothing. */
  readonly preview?: boolean;
  /** Folder of staff's certificates, to whom a copy is encrypted; false for no copy. */
  readonly keepFor?: string | false;
  /** Who answers, for the log of notes. */
  readonly by?: string;
}

/**
 * `postern reply`: encrypts a reply to the submitter of each case, and prints the paths of the encrypted files. Returns
 * whether all are written.
 */
export async function reply(given: readonly string[], options: ReplyOptions): Promise<boolean> {
  process.umask(0o077);
  if ((options.text === undefined) === (options.template === undefined)) {
    throw new ReplyUsageError("invalid_usage", "name either the file of a --text, or a --template");
  }
  const folders = distinctMailboxes(given, (folder) => {
    process.stderr.write(`${printable(folder)}: it has the same mailbox as one before, and is left out\n`);
  });
  const now = new Date();
  const keepFor = options.preview === true ? null : await staffOf(folders, options, now);
  const roots = new Set<string>();
  const codes: string[] = [];
  for (const folder of folders) {
    try {
      const root = await answer(folder, options, now, keepFor);
      if (root !== null) roots.add(root);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      const code = String(cause.code);
      // The message of one alone stands last, where it is seen.
      if (folders.length === 1) {
        throw new RefusedReply(code, `${cause.message}\n${adviceFor([code])}`.trimEnd(), { cause });
      }
      codes.push(code);
      process.stderr.write(failureLine(folder, cause));
    }
  }
  for (const root of roots) await writeCaseIndex(root);
  process.stderr.write(adviceFor(codes));
  if (folders.length > 1) process.stderr.write(`${folders.length - codes.length} written, ${codes.length} failed\n`);
  return codes.length === 0;
}

/** Returns the folder of the cases if the status was set there. */
async function answer(
  caseFolder: string,
  options: ReplyOptions,
  now: Date,
  keepFor: readonly Recipient[] | null,
): Promise<string | null> {
  const { attach = [], out, by, text, template = "", language } = options;
  const source: AnswerSource =
    text === undefined
      ? { template, language: language === undefined ? null : templateLanguage(language) }
      : { text: () => readReplyText(text) };
  if (options.preview === true) {
    const filled = await answerText(caseFolder, source, now);
    process.stdout.write(`${printable(caseFolder)}\n\n${showLetter(filled).trimEnd()}\n\n`);
    return null;
  }
  const mark = async (root: string, caseId: string) => {
    await writeCaseNote(root, caseId, { status: "answered", ...(by !== undefined && { by }) });
  };
  const done = await answerCase({ caseFolder, source, attachments: attach, out, keepFor, now, mark });
  process.stdout.write(`${done.path}\n`);
  if (done.notMarked !== null) {
    process.stderr.write(`the reply is written, but the status is not set: ${done.notMarked.message}\n`);
  }
  return done.root;
}

/** Null where no copy is kept. */
async function staffOf(
  folders: readonly string[],
  { keepFor }: ReplyOptions,
  now: Date,
): Promise<readonly Recipient[] | null> {
  if (keepFor === false) return null;
  const staff = await staffCertificates(keepFor, now);
  if (staff === null && folders.some((each) => (caseOf(each)?.root ?? null) !== null)) {
    process.stderr.write("no copy of the text is kept: name the folder of staff's certificates with --keep-for\n");
  }
  return staff;
}
