import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fillTemplate, sayAnswer, shortCase, showLetter } from "../cases/index.js";
import { Fault } from "../core/index.js";
import {
  addressIn,
  CaseNotesError,
  caseOf,
  ReplyFileError,
  readReplyText,
  readTemplate,
  sendReply,
  TemplateFileError,
  templateLanguage,
  writeCaseIndex,
  writeCaseNote,
} from "../desk/index.js";
import type { Recipient } from "../openpgp/index.js";
import { adviceFor } from "./advice.js";
import { failureLine, printable } from "./printable.js";

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

const KEYS_FOLDER = "keys";

/**
 * `postern reply`: encrypts a reply to the submitter of each case, and prints the paths of the encrypted files. Returns
 * whether all are written.
 */
export async function reply(given: readonly string[], options: ReplyOptions): Promise<boolean> {
  process.umask(0o077);
  if ((options.text === undefined) === (options.template === undefined)) {
    throw new ReplyUsageError("invalid_usage", "name either the file of a --text, or a --template");
  }
  const folders = distinct(given);
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
  const { attach = [], out, by } = options;
  addressIn(caseFolder);
  const text = await textFor(caseFolder, options, now);
  if (options.preview === true) {
    process.stdout.write(`${printable(caseFolder)}\n\n${showLetter(text).trimEnd()}\n\n`);
    return null;
  }
  const kept = keepFor && { recipients: keepFor, date: now };
  const path = await sendReply({ caseFolder, text, attachments: attach, out, keepFor: kept });
  process.stdout.write(`${path}\n`);
  const own = caseOf(caseFolder);
  if (own === null || own.root === null) return null;
  try {
    await writeCaseNote(own.root, own.record.caseId, { status: "answered", ...(by !== undefined && { by }) });
    return own.root;
  } catch (cause) {
    // The reply is written: it must not look as if it were not.
    if (!(cause instanceof CaseNotesError)) throw cause;
    process.stderr.write(`the reply is written, but the status is not set: ${cause.message}\n`);
    return null;
  }
}

async function textFor(caseFolder: string, { text, template, language }: ReplyOptions, now: Date): Promise<string> {
  if (text !== undefined) return readReplyText(text);
  const own = caseOf(caseFolder);
  if (own === null) throw new ReplyFileError("not_a_case", `${caseFolder} holds no submission that has been opened`);
  const { record, root } = own;
  const spoken = templateLanguage(language ?? record.language);
  if (root === null || spoken === null) {
    throw new TemplateFileError("no_template", "there are templates for cases in Russian, Ukrainian and English only");
  }
  const { prisoner } = record.answers;
  const name = prisoner === undefined ? "" : sayAnswer(prisoner);
  const values = { name, number: shortCase(record), date: now, language: spoken };
  return fillTemplate(await readTemplate(root, template ?? "", spoken), values);
}

/** Null where no copy is kept. */
async function staffOf(
  folders: readonly string[],
  { keepFor }: ReplyOptions,
  now: Date,
): Promise<readonly Recipient[] | null> {
  if (keepFor === false) return null;
  const folder = resolve(keepFor ?? KEYS_FOLDER);
  const there = keepFor !== undefined || (await stat(folder).catch(() => null)) !== null;
  // Loads what the portal is made of.
  if (there) {
    const { loadRecipients } = await import("../server/index.js");
    return (await loadRecipients(folder, now)).at(now);
  }
  if (folders.some((each) => (caseOf(each)?.root ?? null) !== null)) {
    process.stderr.write("no copy of the text is kept: name the folder of staff's certificates with --keep-for\n");
  }
  return null;
}

/** One for each mailbox: a follow-up has that of its case. */
function distinct(folders: readonly string[]): readonly string[] {
  if (folders.length === 1) return folders;
  const seen = new Set<string>();
  return folders.filter((folder) => {
    const address = caseOf(folder)?.record.address;
    const key = address ? `${address.mailbox} ${address.key}` : resolve(folder);
    if (!seen.has(key)) return seen.add(key).size > 0;
    process.stderr.write(`${printable(folder)}: it has the same mailbox as one before, and is left out\n`);
    return false;
  });
}
