import { createReadStream } from "node:fs";
import { MAX_LINE_CHARS, type NoteEvent, NoteLines } from "../cases/index.js";

/** More than staff write in years. What is beyond it is not read. */
const MAX_LOG_BYTES = 256 * 1024 ** 2;
/** A character takes at most three bytes for each of its code units. */
const MAX_LINE_BYTES = 3 * MAX_LINE_CHARS;
const READ_BYTES = 1024 ** 2;
const LINE_FEED = 10;

/** Up to where a log has been read. */
export interface LogPlace {
  /** Of the whole lines. */
  readonly bytes: number;
  readonly lines: number;
}

export const LOG_START: LogPlace = { bytes: 0, lines: 0 };

export interface ReadLog {
  readonly events: readonly NoteEvent[];
  /** Numbers of the lines that could not be read, from 1. */
  readonly damaged: readonly number[];
  /** Where the next reading may begin. A last line without its end is read, and read again. */
  readonly place: LogPlace;
}

/** Reads a log from `start` on. @throws an error of the file system */
export async function readLog(path: string, start: LogPlace = LOG_START): Promise<ReadLog> {
  const lines = new NoteLines(start.lines);
  let place = start;
  for await (const { line, end } of linesOf(path, start.bytes)) {
    lines.add(line);
    if (end !== null) place = { bytes: end, lines: place.lines + 1 };
  }
  return { events: lines.events, damaged: lines.damaged, place };
}

interface Line {
  /** Null if it is too long, or beyond {@link MAX_LOG_BYTES}. */
  readonly line: string | null;
  /** Bytes up to its end in the file; null for one that has none. */
  readonly end: number | null;
}

async function* linesOf(path: string, start: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let [heldBytes, at] = [0, start];
  const take = () => {
    const line = heldBytes > MAX_LINE_BYTES ? null : Buffer.concat(held).toString("utf8");
    [held, heldBytes] = [[], 0];
    return line;
  };
  for await (const read of createReadStream(path, { start, highWaterMark: READ_BYTES })) {
    const chunk = read as Buffer;
    if (at - start + chunk.length > MAX_LOG_BYTES) {
      yield { line: null, end: null };
      return;
    }
    for (let from = 0; from < chunk.length; ) {
      const found = chunk.indexOf(LINE_FEED, from);
      const part = chunk.subarray(from, found === -1 ? chunk.length : found);
      heldBytes += part.length;
      if (heldBytes <= MAX_LINE_BYTES) held.push(part);
      from += part.length + 1;
      if (found !== -1) yield { line: take(), end: at + from };
    }
    at += chunk.length;
  }
  if (heldBytes > 0) yield { line: take(), end: null };
}
