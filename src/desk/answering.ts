import { resolve } from "node:path";
import { fillTemplate, sayAnswer, shortCase, type TemplateLanguage } from "../cases/index.js";
import type { Recipient } from "../openpgp/index.js";
import { caseOf } from "./case-of.js";
import { addressIn, ReplyFileError, sendReply } from "./reply.js";
import { readTemplate, TemplateFileError, templateLanguage } from "./templates.js";

/** What to answer: a text, or a template, in the language of each letter unless one is given. */
export type AnswerSource =
  | { readonly text: () => Promise<string> }
  | { readonly template: string; readonly language: TemplateLanguage | null };

export interface AnswerRequest {
  /** Folder of an opened submission, or of a follow-up. */
  readonly caseFolder: string;
  readonly source: AnswerSource;
  /** Files to attach. */
  readonly attachments: readonly string[];
  /** Folder for the encrypted reply. */
  readonly out: string;
  /** To whom a copy is encrypted beside the case; null for no copy. */
  readonly keepFor: readonly Recipient[] | null;
  readonly now: Date;
  /** Sets the status of a case in the folder `root`, once its reply is written. */
  readonly mark: (root: string, caseId: string) => Promise<void>;
}

export interface Answered {
  /** Of the encrypted reply. */
  readonly path: string;
  /** The folder of cases in which the status is set; null if there is none, or it could not be set. */
  readonly root: string | null;
  /** Why the status is not set. The reply is written all the same. */
  readonly notMarked: Error | null;
}

/**
 * The text that a case would be answered with.
 * @throws ReplyFileError, ReplyError, TemplateError, TemplateFileError
 */
export async function answerText(caseFolder: string, source: AnswerSource, now: Date): Promise<string> {
  addressIn(caseFolder);
  if ("text" in source) return source.text();
  const own = caseOf(caseFolder);
  if (own === null) throw new ReplyFileError("not_a_case", `${caseFolder} holds no submission that has been opened`);
  const { record, root } = own;
  const spoken = source.language ?? templateLanguage(record.language);
  if (root === null || spoken === null) {
    throw new TemplateFileError("no_template", "there are templates for cases in Russian, Ukrainian and English only");
  }
  const { prisoner } = record.answers;
  const name = prisoner === undefined ? "" : sayAnswer(prisoner);
  const values = { name, number: shortCase(record), date: now, language: spoken };
  return fillTemplate(await readTemplate(root, source.template, spoken), values);
}

/**
 * Answers one case: keeps a copy, writes the encrypted reply, and sets the status.
 * @throws ReplyFileError, ReplyError, TemplateError, TemplateFileError, ArchiveWriteError, EncryptError
 */
export async function answerCase(request: AnswerRequest): Promise<Answered> {
  const { caseFolder, source, attachments, out, keepFor, now, mark } = request;
  const text = await answerText(caseFolder, source, now);
  const kept = keepFor && { recipients: keepFor, date: now };
  const path = await sendReply({ caseFolder, text, attachments, out, keepFor: kept });
  const own = caseOf(caseFolder);
  if (own === null || own.root === null) return { path, root: null, notMarked: null };
  try {
    await mark(own.root, own.record.caseId);
    return { path, root: own.root, notMarked: null };
  } catch (cause) {
    // The reply is written: it must not look as if it were not.
    return { path, root: null, notMarked: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

/** Those of `folders` that have a mailbox of their own: a follow-up has that of its case. */
export function distinctMailboxes(folders: readonly string[], leftOut: (folder: string) => void): readonly string[] {
  if (folders.length === 1) return folders;
  const seen = new Set<string>();
  return folders.filter((folder) => {
    const address = caseOf(folder)?.record.address;
    const key = address ? `${address.mailbox} ${address.key}` : resolve(folder);
    if (!seen.has(key)) return seen.add(key).size > 0;
    leftOut(folder);
    return false;
  });
}
