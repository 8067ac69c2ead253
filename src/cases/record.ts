import { ArchiveError, fieldsOf, type MailHeaders, type ReplyAddress, readReplyAddress } from "../core/index.js";
import { type CaseAnswers, readAnswers } from "./answers.js";

/** The validated parts of a record that our programs rely on. */
export interface CaseRecord {
  /** 32 hex digits. */
  readonly caseId: string;
  /** Null if the submission has no reply address, or a malformed one. */
  readonly address: ReplyAddress | null;
  /** Whether the submission claims to add to an earlier case. Never true without an address. */
  readonly followUp: boolean;
  readonly language: string;
  readonly encrypted: string;
  readonly answers: CaseAnswers;
  /** The documents' original names by their path in the archive. */
  readonly names: ReadonlyMap<string, string>;
  /** Only of a letter that came by mail. */
  readonly mail?: MailHeaders;
  /** Only of a case that the desk made of what a person encrypted with a program of their own. */
  readonly foreign?: ForeignNotes;
}

/** What the desk found in what a person encrypted with a program of their own. */
export interface ForeignNotes {
  /** Key ids of its signatures, which nobody has verified. */
  readonly signers: readonly string[];
  /** Paths of links, devices and pipes in the folder. */
  readonly leftOut: readonly string[];
}

/** Where a case was encrypted, if not by one of our programs. Only the desk writes it: no archive may say so. */
export const BY_PERSON = "person";

/** Where a case was encrypted that came by mail. */
const BY_MAIL = "mail";

const CASE_ID = /^[0-9a-f]{32}$/;

/**
 * Reads a submission.json, which is hostile input. Only the format, its version and the case id are required: any other
 * malformed member counts as missing, so that no appeal is refused for it.
 * @param foreign whether the desk wrote it for what a person encrypted with a program of their own
 * @throws ArchiveError `malformed`
 */
export function readRecord(bytes: Uint8Array, foreign = false): CaseRecord {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ArchiveError("malformed", "submission.json is not JSON", { cause });
  }
  const record = fieldsOf(data);
  const { case: caseId, followUp } = record;
  if (record.format !== "postern-submission" || record.version !== 1 || !isCaseId(caseId)) {
    throw new ArchiveError("malformed", "submission.json is not a record of a submission");
  }
  // A malformed address makes a case unanswerable, not unreadable.
  const address = readReplyAddress(record.reply);
  return {
    caseId,
    address,
    followUp: address !== null && followUp === true,
    language: textOf(record.language),
    encrypted: encryptedBy(record.encrypted, foreign),
    answers: readAnswers(record.answers, record.choices),
    names: readNames(record.files),
    ...(record.encrypted === BY_MAIL && !foreign && { mail: readMail(record.mail) }),
    ...(foreign && { foreign: { signers: textsOf(record.signedBy), leftOut: textsOf(record.leftOut) } }),
  };
}

/**
 * Reads the submission.json of an archive whose folder is `root`.
 * @throws ArchiveError `malformed`, also if the folder is not named after the case
 */
export function readArchivedRecord(root: string, bytes: Uint8Array): CaseRecord {
  const record = readRecord(bytes);
  if (root !== `submission-${shortCase(record)}`) {
    throw new ArchiveError("malformed", "the archive's folder and its submission.json do not agree");
  }
  return record;
}

function readNames(files: unknown): CaseRecord["names"] {
  const read = (Array.isArray(files) ? files : []).flatMap((file: unknown) => {
    const { entry, name } = fieldsOf(file);
    return typeof entry === "string" && typeof name === "string" ? [[entry, name] as const] : [];
  });
  return new Map(read);
}

function readMail(mail: unknown): MailHeaders {
  const { from, to, date, encrypted, sender } = fieldsOf(mail);
  const parts = textsOf(encrypted).filter(isCaseId);
  const headers = {
    ...{ from: textOf(from), to: textOf(to), date: textOf(date) },
    ...(parts.length > 0 && { encrypted: parts }),
  };
  if (sender === undefined) return headers;
  const { spf, dkim, dmarc, proved } = fieldsOf(sender);
  return { ...headers, sender: { spf: textOf(spf), dkim: textOf(dkim), dmarc: textOf(dmarc), proved: textOf(proved) } };
}

function encryptedBy(claimed: unknown, foreign: boolean): string {
  if (foreign) return BY_PERSON;
  return claimed === BY_PERSON ? "" : textOf(claimed);
}

function textsOf(values: unknown): string[] {
  return (Array.isArray(values) ? values : []).filter((value: unknown) => typeof value === "string");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Case ids of what was encrypted in the mail that a case is. What belongs to another case holds nothing by itself. */
export function encryptedIn({ mail, followUp }: CaseRecord): readonly string[] {
  return followUp ? [] : (mail?.encrypted ?? []);
}

/** The same for submissions with one reply address. Includes the key: the mailbox id alone must not lead to a case. */
export function addressKey({ address }: CaseRecord): string {
  return `${address?.mailbox} ${address?.key}`;
}

export function isCaseId(value: unknown): value is string {
  return typeof value === "string" && CASE_ID.test(value);
}

export function shortCase({ caseId }: CaseRecord): string {
  return caseId.slice(0, 8);
}
