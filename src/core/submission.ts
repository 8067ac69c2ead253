import { type Archive, createArchive } from "./archive.js";
import { entryName } from "./entry-name.js";

/** One attached document. `open` is called once, when its turn in the archive comes. */
export interface Document {
  /** As the submitter's device named it. */
  readonly name: string;
  /** Media type as the submitter's browser gave it; nothing is to be believed of it. */
  readonly type: string;
  /** Octets. */
  readonly size: number;
  readonly open: () => ReadableStream<Uint8Array>;
}

export interface SubmissionContents {
  /** 32 hex digits, random. */
  readonly caseId: string;
  readonly form: { readonly id: string; readonly version: number };
  /** BCP 47 tag of the language in which the form was filled in. */
  readonly language: string;
  /** By question id; unanswered questions are left out. */
  readonly answers: Readonly<Record<string, string>>;
  /** The same as a person reads it. */
  readonly letter: string;
  readonly documents: readonly Document[];
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
  readonly answers: Readonly<Record<string, string>>;
  readonly files: readonly {
    readonly entry: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: number;
  }[];
  readonly encrypted: SubmissionContents["encryptedBy"];
}

/**
 * The archive of one submission, laid out as docs/FORMAT.md says.
 * @throws ArchiveWriteError
 */
export function createSubmission(contents: SubmissionContents): Archive {
  const files = contents.documents.map((document, index) => ({
    ...document,
    entry: `files/${entryName(index + 1, document.name)}`,
  }));
  const record: SubmissionRecord = {
    format: "postern-submission",
    version: 1,
    case: contents.caseId,
    form: contents.form,
    language: contents.language,
    answers: contents.answers,
    files: files.map(({ entry, name, type, size }) => ({ entry, name, type, bytes: size })),
    encrypted: contents.encryptedBy,
  };
  return createArchive(
    `submission-${contents.caseId.slice(0, 8)}`,
    ["files"],
    [
      text("letter.txt", contents.letter),
      text("submission.json", `${JSON.stringify(record, null, 2)}\n`),
      ...files.map(({ entry, size, open }) => ({ name: entry, size, open })),
    ],
  );
}

function text(name: string, content: string): { name: string; size: number; open: () => ReadableStream<Uint8Array> } {
  const octets = new TextEncoder().encode(content);
  return { name, size: octets.length, open: () => new Blob([octets]).stream() };
}
