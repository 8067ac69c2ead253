import type { NoteEvent } from "./note-event.js";
import type { PackedCase } from "./packed-case.js";

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

/** A portion of the cases, newest first. */
export interface AskedPortion {
  /** Of which it is a portion; empty for the first one. */
  readonly reading: string;
  /** Place of the portion, from 0. */
  readonly at: number;
  /** The reading of which the page has all cases; empty for a page that has none. */
  readonly known: string;
}

/** What comes with a portion. */
export interface PortionRest {
  readonly reading: string;
  /** Number of cases, as far as their folders tell. */
  readonly total: number;
  /** In the first portion: whatever comes later may be news since. But only the last one tells of all folders. */
  readonly cursor: DeskCursor;
  readonly notes: readonly NoteEvent[];
  /** Null unless it is the last one. */
  readonly end: {
    readonly shortened: number;
    readonly omitted: number;
    readonly omittedNotes: number;
    readonly damagedLogs: readonly string[];
  } | null;
}

/** Cases, or the names of their folders where the page has them, and what comes with them. Null: begin again. */
export type PortionAnswer = { readonly cases: readonly (PackedCase | string)[]; readonly rest: PortionRest } | null;

/** What has come since. */
export interface DeskNews {
  readonly cursor: DeskCursor;
  readonly events: readonly NoteEvent[];
  readonly damagedLogs: readonly string[];
}
