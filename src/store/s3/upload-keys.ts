import type { Piece } from "./pieces.js";

const UPLOADS = "uploads/";
const STORED = "stored/";
const BEGUN = /^uploads\/([0-9a-f]{32})\/begun\.(\d{4}-\d{2}-\d{2})$/;
const SIZE = /^uploads\/([0-9a-f]{32})\/size\.(\d{1,15})$/;
const PIECE = /^uploads\/([0-9a-f]{32})\/at\.(\d{15})\.(\d{1,15})\.(\d{4}-\d{2}-\d{2})$/;

/**
 * All that is known of an upload, from the names of its objects. Objects are written once and never changed, so that
 * processes cannot overwrite each other's work.
 */
export interface UploadMarks {
  /** All keys of the upload. */
  readonly keys: readonly string[];
  /** Whether it was begun, and neither discarded nor stored since. */
  readonly begun: boolean;
  readonly size: number | null;
  readonly pieces: readonly Piece[];
  /** The day of the last write, or null without any. */
  readonly day: string | null;
}

export const uploadKeys = {
  all: UPLOADS,
  of: (id: string) => `${UPLOADS}${id}/`,
  begun: (id: string, day: string) => `${UPLOADS}${id}/begun.${day}`,
  size: (id: string, size: number) => `${UPLOADS}${id}/size.${size}`,
  /** Holds the day of storage that concurrent processes agree on. */
  day: (id: string) => `${UPLOADS}${id}/day`,
  piece: (id: string, offset: number, length: number, day: string) =>
    `${UPLOADS}${id}/at.${String(offset).padStart(15, "0")}.${length}.${day}`,
  /** Notes on completed uploads, by day. */
  allStored: STORED,
  stored: (id: string, day: string) => `${STORED}${day}/${id}`,
} as const;

/** Reads the keys of one upload. */
export function readMarks(keys: readonly string[]): UploadMarks {
  let begun = false;
  let size: number | null = null;
  const pieces: Piece[] = [];
  const days: string[] = [];
  for (const key of keys) {
    const [, , begunOn] = BEGUN.exec(key) ?? [];
    const [, , declared] = SIZE.exec(key) ?? [];
    const [, , offset, length, grownOn] = PIECE.exec(key) ?? [];
    if (begunOn !== undefined) {
      begun = true;
      days.push(begunOn);
    }
    // If two sizes were declared, the smaller counts.
    if (declared !== undefined) size = Math.min(Number(declared), size ?? Number.POSITIVE_INFINITY);
    if (grownOn !== undefined) {
      pieces.push({ key, offset: Number(offset), length: Number(length) });
      days.push(grownOn);
    }
  }
  return { keys, begun, size, pieces, day: days.sort().at(-1) ?? null };
}

/** The id of the upload that a key belongs to, or null. */
export function uploadOf(key: string): string | null {
  return /^uploads\/([0-9a-f]{32})\//.exec(key)?.[1] ?? null;
}

/** The day and id in the key of a completed upload's note, or null. */
export function readStoredKey(key: string): { readonly day: string; readonly id: string } | null {
  const [, day, id] = /^stored\/(\d{4}-\d{2}-\d{2})\/([0-9a-f]{32})$/.exec(key) ?? [];
  return day === undefined || id === undefined ? null : { day, id };
}
