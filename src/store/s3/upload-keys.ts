import type { Piece } from "./pieces.js";

const UPLOADS = "uploads/";
const STORED = "stored/";
const BEGUN = /^uploads\/([0-9a-f]{32})\/begun\.(\d{4}-\d{2}-\d{2})$/;
const SIZE = /^uploads\/([0-9a-f]{32})\/size\.(\d{1,15})$/;
const PIECE = /^uploads\/([0-9a-f]{32})\/at\.(\d{15})\.(\d{1,15})\.(\d{4}-\d{2}-\d{2})$/;

/**
 * What is known of an upload, all of it from the names of its objects. They are written once and never changed, so that
 * processes that know nothing of each other cannot spoil each other's work.
 */
export interface UploadMarks {
  /** All that was read. */
  readonly keys: readonly string[];
  /** Whether it was begun, and not given up or stored since. */
  readonly begun: boolean;
  readonly size: number | null;
  readonly pieces: readonly Piece[];
  /** The last day on which anything of it was written, or null if nothing is there. */
  readonly day: string | null;
}

export const uploadKeys = {
  all: UPLOADS,
  of: (id: string) => `${UPLOADS}${id}/`,
  begun: (id: string, day: string) => `${UPLOADS}${id}/begun.${day}`,
  size: (id: string, size: number) => `${UPLOADS}${id}/size.${size}`,
  /** The day under which it is stored, which all processes that store it at once agree on. */
  day: (id: string) => `${UPLOADS}${id}/day`,
  piece: (id: string, offset: number, length: number, day: string) =>
    `${UPLOADS}${id}/at.${String(offset).padStart(15, "0")}.${length}.${day}`,
  /** What is remembered of those that were stored, by the day on which they were. */
  allStored: STORED,
  stored: (id: string, day: string) => `${STORED}${day}/${id}`,
} as const;

/** Reads the names of one upload's objects. */
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
    // Said twice, it is what was said of the smaller.
    if (declared !== undefined) size = Math.min(Number(declared), size ?? Number.POSITIVE_INFINITY);
    if (grownOn !== undefined) {
      pieces.push({ key, offset: Number(offset), length: Number(length) });
      days.push(grownOn);
    }
  }
  return { keys, begun, size, pieces, day: days.sort().at(-1) ?? null };
}

/** The id of the upload that an object belongs to, or null. */
export function uploadOf(key: string): string | null {
  return /^uploads\/([0-9a-f]{32})\//.exec(key)?.[1] ?? null;
}

/** The day and id of something that was stored, or null. */
export function readStoredKey(key: string): { readonly day: string; readonly id: string } | null {
  const [, day, id] = /^stored\/(\d{4}-\d{2}-\d{2})\/([0-9a-f]{32})$/.exec(key) ?? [];
  return day === undefined || id === undefined ? null : { day, id };
}
