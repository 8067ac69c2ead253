import type { NoteEvent } from "./note-event.js";

// What the workbench's server and its page tell each other.

export interface AnswerChoices {
  readonly templates: readonly string[];
  readonly languages: readonly string[];
  /** Folder that answers go into. */
  readonly outbox: string;
  /** Whether copies are kept. */
  readonly kept: boolean;
}

/** What became of one case: its text, or why it gets none. */
export interface CaseReply {
  readonly folder: string;
  readonly text?: string;
  /** Code of a fault. */
  readonly fault?: string;
  /** Code of what kept its status from being set, though the answer is written. */
  readonly notMarked?: string;
}

export interface SentAnswers {
  readonly answers: readonly CaseReply[];
  /** The statuses that were set. */
  readonly events: readonly NoteEvent[];
}

/** Up to where a page has what the desk has. */
export interface DeskCursor {
  /** Of this run of the server, and since notes were erased last. */
  readonly run: string;
  /** Events of the notes. */
  readonly events: number;
  /** Of the folders of cases. */
  readonly cases: string;
}

/** What has come since. */
export interface DeskNews {
  readonly cursor: DeskCursor;
  readonly events: readonly NoteEvent[];
  readonly damagedLogs: readonly string[];
}
