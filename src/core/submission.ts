import { type Archive, createArchive } from "./archive.js";
import { type Document, type DocumentRecord, placeDocuments, recordFile, textFile } from "./document.js";
import type { ReplyAddress } from "./reply-address.js";

/** The question and the chosen options as the submitter read them, beside the values in `answers`. */
export interface ChosenAnswer {
  readonly question: string;
  readonly chosen: readonly { readonly value: string; readonly label: string }[];
}

export interface SubmissionContents {
  /** 32 hex digits, random. */
  readonly caseId: string;
  readonly form: { readonly id: string; readonly version: number };
  /** BCP 47 tag of the language in which the form was filled in. */
  readonly language: string;
  /** By question id: text, or the values of the chosen options. Unanswered questions are left out. */
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
  /** By question id, for questions with choices. */
  readonly choices?: Readonly<Record<string, ChosenAnswer>>;
  /** The contents of `letter.txt`: the answers for people to read. */
  readonly letter: string;
  readonly documents: readonly Document[];
  /** Where the submitter looks for replies. Without it staff cannot reply. */
  readonly reply?: ReplyAddress;
  /** Whether it follows up an earlier submission with the same reply address. */
  readonly followUp?: boolean;
  /** Only of a letter that came by mail. */
  readonly mail?: MailHeaders;
  readonly encryptedBy: "browser" | "server" | "offline" | "mail";
}

/** What the headers of a mail claim. Nothing proves any of it. */
export interface MailHeaders {
  readonly from: string;
  readonly to: string;
  /** ISO 8601, or as the sender wrote it. */
  readonly date: string;
  /** The case ids that the desk gives the OpenPGP messages in it, which are stored by themselves. */
  readonly encrypted?: readonly string[];
  /** Only if the mail server checked the sender. */
  readonly sender?: MailSenderCheck;
}

/** Each result is a word of RFC 8601, and after a space the domain that it is of. */
export interface MailSenderCheck {
  readonly spf: string;
  readonly dkim: string;
  readonly dmarc: string;
  /** The author's domain, if one of them proves it; else empty. */
  readonly proved: string;
}

/** The contents of `submission.json`. */
export interface SubmissionRecord {
  readonly format: "postern-submission";
  readonly version: 1;
  readonly case: string;
  readonly form: { readonly id: string; readonly version: number };
  readonly language: string;
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
  readonly choices?: Readonly<Record<string, ChosenAnswer>>;
  readonly files: readonly DocumentRecord[];
  readonly reply?: ReplyAddress;
  readonly followUp: boolean;
  readonly mail?: MailHeaders;
  readonly encrypted: SubmissionContents["encryptedBy"];
}

/**
 * The archive of one submission, laid out as docs/FORMAT.md sections 3 to 6 say.
 * @throws ArchiveWriteError
 */
export function createSubmission(contents: SubmissionContents): Archive {
  const { records, files } = placeDocuments(contents.documents);
  const record: SubmissionRecord = {
    format: "postern-submission",
    version: 1,
    case: contents.caseId,
    form: contents.form,
    language: contents.language,
    answers: contents.answers,
    ...(contents.choices && Object.keys(contents.choices).length > 0 && { choices: contents.choices }),
    files: records,
    ...(contents.reply && { reply: { mailbox: contents.reply.mailbox, key: contents.reply.key } }),
    followUp: contents.followUp === true,
    ...(contents.mail && { mail: contents.mail }),
    encrypted: contents.encryptedBy,
  };
  return createArchive(
    `submission-${contents.caseId.slice(0, 8)}`,
    ["files"],
    [textFile("letter.txt", contents.letter), recordFile("submission.json", record), ...files],
  );
}
