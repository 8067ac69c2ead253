import type { MailHeaders } from "../core/index.js";
import type { CaseAnswers } from "./answers.js";
import type { CaseNote } from "./case-note.js";
import type { Warning } from "./document-kind.js";
import type { ForeignNotes } from "./record.js";

/** A document as staff see it before opening it. */
export interface CaseDocument {
  /** The submitter's own words. */
  readonly name: string;
  /** Path below the folder of cases, or in the submission's archive. `/`-separated. */
  readonly path: string;
  /** Bytes. */
  readonly bytes: number;
  /** Media type detected from the content, or null. */
  readonly type: string | null;
  readonly picture: boolean;
  readonly warnings: readonly Warning[];
  /** In hex. Absent for an empty document, and for one of which it could not be told. */
  readonly sha256?: string;
}

/** One submission as staff see it. Every text in it is the submitter's. */
export interface CaseSubmission {
  readonly folder: string;
  /** UTC, YYYY-MM-DD; empty if unknown. */
  readonly day: string;
  readonly letter: string;
  readonly answers: CaseAnswers;
  readonly documents: readonly CaseDocument[];
  /** Only if they used a program of their own. */
  readonly foreign?: ForeignNotes;
}

export interface Case extends CaseSubmission, CaseNote {
  /** 32 hex digits. */
  readonly id: string;
  readonly language: string;
  /** `browser`, `server`, `offline` or `mail`, as the submission claims; `person` for a program of their own. */
  readonly encrypted: string;
  /** Only of a letter that came by mail: what it claims. */
  readonly mail?: MailHeaders;
  readonly answerable: boolean;
  /** What was added to it later, or was encrypted in the mail that it is. */
  readonly followUps: readonly CaseSubmission[];
  /** Whether the index holds only a part of it. Its folder holds all. */
  readonly shortened?: boolean;
}
