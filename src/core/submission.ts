import { type Archive, createArchive } from "./archive.js";
import { type Document, type DocumentRecord, placeDocuments, recordFile, textFile } from "./document.js";
import type { ReplyAddress } from "./reply-address.js";

/** An answer to a question with choices, as it was read and as it stands in `answers`. */
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
  /** By question id: text, or the values of the choices made. Unanswered questions are left out. */
  readonly answers: Readonly<Record<string, string | readonly string[]>>;
  /** By question id, where it had choices. */
  readonly choices?: Readonly<Record<string, ChosenAnswer>>;
  /** The same as a person reads it. */
  readonly letter: string;
  readonly documents: readonly Document[];
  /** Where the submitter looks for an answer; without it they cannot be answered. */
  readonly reply?: ReplyAddress;
  /** Whether it adds to an earlier submission with the same reply address. */
  readonly followUp?: boolean;
  /** Where it was encrypted. */
  readonly encryptedBy: "browser" | "server" | "offline";
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
  readonly encrypted: SubmissionContents["encryptedBy"];
}

/**
 * The archive of one submission, laid out as docs/FORMAT.md says.
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
    encrypted: contents.encryptedBy,
  };
  return createArchive(
    `submission-${contents.caseId.slice(0, 8)}`,
    ["files"],
    [textFile("letter.txt", contents.letter), recordFile("submission.json", record), ...files],
  );
}
