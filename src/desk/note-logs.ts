import { createReadStream, type Dirent } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import {
  MAX_LINE_CHARS,
  NoteBook,
  type NoteChange,
  type NoteEvent,
  NoteLines,
  writeNoteEvent,
} from "../cases/index.js";
import { Fault } from "../core/index.js";
import { appendLines, nullIfMissing } from "../files/index.js";
import { knownDesk, thisDesk } from "./this-desk.js";

/** Folder of the logs, beside the cases: one for each desk, which alone appends to it. */
export const NOTES_FOLDER = "notes";
/** More than staff write in years. What is beyond it is not read. */
const MAX_LOG_BYTES = 256 * 1024 ** 2;
const LOCK = { retries: { retries: 50, minTimeout: 20, maxTimeout: 200, factor: 1.2 }, stale: 10_000, realpath: false };

/**
 * `damaged`: this desk's own log, or what an earlier version wrote, was altered. `full`: a log counts too far.
 * `locked`: another process has held the lock for too long.
 */
export class CaseNotesError extends Fault<"damaged" | "unknown_case" | "full" | "locked"> {}

/** Lines of another desk's log that could not be read, and are left out. */
export interface DamagedLog {
  readonly file: string;
  readonly lines: readonly number[];
}

/** The logs of all desks in a folder of cases. This machine appends to its own. */
export class NoteLogs {
  readonly book = new NoteBook();
  readonly #folder: string;
  /** What a log was when it was read last, by name. */
  readonly #seen = new Map<string, string>();
  readonly #damaged = new Map<string, DamagedLog>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param root folder of the cases @throws CaseNotesError `damaged` */
  static async open(root: string): Promise<NoteLogs> {
    const logs = new NoteLogs(join(root, NOTES_FOLDER));
    await logs.refresh();
    return logs;
  }

  get damaged(): readonly DamagedLog[] {
    return [...this.#damaged.values()];
  }

  /** Reads the logs that have changed since. @throws CaseNotesError `damaged` */
  async refresh(): Promise<void> {
    const entries = (await readdir(this.#folder, { withFileTypes: true }).catch(nullIfMissing)) ?? [];
    const names = entries.filter(isLog).map(({ name }) => name);
    for (const name of names.sort()) {
      const path = join(this.#folder, name);
      const found = await stat(path, { bigint: true }).catch(nullIfMissing);
      if (found === null) continue;
      const state = `${found.ino} ${found.size} ${found.mtimeNs}`;
      if (this.#seen.get(name) === state) continue;
      await this.#read(name, path);
      this.#seen.set(name, state);
    }
  }

  /**
   * Appends to this desk's log, and syncs it, before it is in the book. One change at a time, also of other processes.
   * @param changes what to write, as the book is after the logs were read again
   * @throws CaseNotesError
   */
  async write(
    changes: (book: NoteBook) => readonly NoteChange[],
    by: string,
    now: Date,
  ): Promise<readonly NoteEvent[]> {
    const written = this.#last.then(() => this.#write(changes, by, now));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(
    changes: (book: NoteBook) => readonly NoteChange[],
    by: string,
    now: Date,
  ): Promise<readonly NoteEvent[]> {
    return withLockedNotes(this.#folder, async () => {
      await this.refresh();
      const desk = await thisDesk(this.#folder);
      const events = this.#eventsFor(changes(this.book), { desk, by, now });
      if (events.length > 0) await appendLines(join(this.#folder, `${desk}.jsonl`), events.map(writeNoteEvent));
      this.book.add(events);
      return events;
    });
  }

  #eventsFor(changes: readonly NoteChange[], writer: Parameters<NoteBook["eventsFor"]>[1]): readonly NoteEvent[] {
    try {
      return this.book.eventsFor(changes, writer);
    } catch (cause) {
      throw new CaseNotesError("full", `a log in ${this.#folder} counts too far; move it away`, { cause });
    }
  }

  async #read(name: string, path: string): Promise<void> {
    const lines = new NoteLines();
    for await (const line of linesOf(path)) lines.add(line);
    this.#damaged.delete(name);
    if (lines.damaged.length > 0) {
      if (name === `${await knownDesk(this.#folder)}.jsonl`) {
        const place = `${path}:${lines.damaged[0]}`;
        throw new CaseNotesError("damaged", `${place} is damaged; put it back from a copy, or move it away`);
      }
      this.#damaged.set(name, { file: name, lines: lines.damaged });
    }
    this.book.add(lines.events);
  }
}

/** Whether a file in the folder of notes is a log. What is no plain file may never end. */
export function isLog(entry: Dirent): boolean {
  return entry.isFile() && entry.name.endsWith(".jsonl");
}

/** Makes the folder of notes, and lets no other process write there meanwhile. @throws CaseNotesError `locked` */
export async function withLockedNotes<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await lock(folder, { ...LOCK, lockfilePath: join(folder, ".lock") }).catch((cause) => {
    throw new CaseNotesError("locked", `${folder} is in use by another process; try again`, { cause });
  });
  try {
    return await write();
  } finally {
    await release();
  }
}

/** The lines of a file; null in place of one that is too long, and of all beyond {@link MAX_LOG_BYTES}. */
async function* linesOf(path: string): AsyncGenerator<string | null> {
  let [line, bytes, tooLong] = ["", 0, false];
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 1024 ** 2 })) {
    const text = String(chunk);
    bytes += text.length;
    if (bytes > MAX_LOG_BYTES) {
      yield null;
      return;
    }
    const [first = "", ...rest] = text.split("\n");
    if (!tooLong) line += first;
    tooLong ||= line.length > MAX_LINE_CHARS;
    if (tooLong) line = "";
    if (rest.length === 0) continue;
    yield tooLong ? null : line;
    line = rest.pop() ?? "";
    yield* rest;
    tooLong = false;
  }
  if (tooLong || line !== "") yield tooLong ? null : line;
}
