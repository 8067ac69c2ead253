import type { Warning } from "./document-kind.js";

/** A document as staff see it before they open it. */
export interface CaseDocument {
  /** As it was given: somebody else's words. */
  readonly name: string;
  /** Where it lies: below the folder of the cases, or in the submission's archive. `/`-separated. */
  readonly path: string;
  /** Bytes. */
  readonly bytes: number;
  /** Media type by content, or null where it is not known. */
  readonly type: string | null;
  readonly picture: boolean;
  readonly warnings: readonly Warning[];
}

/** One submission as staff see it. Every text in it is somebody else's. */
export interface CaseSubmission {
  readonly folder: string;
  /** UTC, YYYY-MM-DD; empty where it is not known. */
  readonly day: string;
  readonly letter: string;
  readonly documents: readonly CaseDocument[];
}

export interface Case extends CaseSubmission {
  /** 32 hex digits. */
  readonly id: string;
  readonly language: string;
  /** Where it was encrypted. */
  readonly encrypted: string;
  readonly answerable: boolean;
  /** Question's words and those of the choices made, by question id. */
  readonly choices: Readonly<Record<string, { readonly question: string; readonly chosen: readonly string[] }>>;
  readonly followUps: readonly CaseSubmission[];
  readonly status: string;
  /** Staff's own. */
  readonly note: string;
}
