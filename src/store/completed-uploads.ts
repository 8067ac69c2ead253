import { constants, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { dayOf } from "../core/index.js";
import { writeAll } from "./batching-writer.js";
import { explain, FILE_MODE, isMissing } from "./disk.js";
import type { FolderSync } from "./folder-sync.js";
import { SharedRun } from "./group-commit.js";
import { KeptFiles } from "./open-files.js";
import { StoreError } from "./store.js";
import type { StoredUpload } from "./uploads.js";

const SUFFIX = ".stored";
const NAME = /^(\d{4}-\d{2}-\d{2})\.stored$/;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
/** Bytes of the longest line, and more. */
const LINE = 512;
const NEWLINE = 0x0a;

interface Note extends StoredUpload {
  readonly id: string;
}

export interface FoundNote {
  readonly stored: StoredUpload;
  /** The day on which it was stored. */
  readonly day: Date;
}

/**
 * What uploads were stored as, a line for each in one file a day. Lines that come at the same time are written and synced together.
 * In memory is only where each line begins.
 */
export class StoredNotes {
  readonly #folder: string;
  readonly #synced: FolderSync;
  /** Beginnings of lines by id, by day. */
  readonly #days = new Map<string, Map<string, number>>();
  /** Bytes of each day's file that is kept open. */
  readonly #sizes = new Map<string, number>();
  readonly #kept = new KeptFiles((file) => file.close());
  readonly #writing = new SharedRun(() => this.#write());
  #waiting: { readonly midnight: Date; readonly note: Note }[] = [];

  private constructor(folder: string, synced: FolderSync) {
    this.#folder = folder;
    this.#synced = synced;
  }

  /** @param names of what is in the folder */
  static async open(folder: string, names: readonly string[], synced: FolderSync): Promise<StoredNotes> {
    const notes = new StoredNotes(folder, synced);
    for (const name of [...names].sort()) {
      const day = NAME.exec(name)?.[1];
      if (day !== undefined) notes.#days.set(day, beginnings(await readFile(join(folder, name))));
    }
    return notes;
  }

  /** Resolves when the note would survive a power failure. */
  async add(midnight: Date, note: Note): Promise<void> {
    this.#waiting.push({ midnight, note });
    return this.#writing.ask();
  }

  /** The newest note on `id`, or null. @throws StoreError `io` */
  async find(id: string): Promise<FoundNote | null> {
    for (const [day, lines] of [...this.#days].reverse()) {
      const begin = lines.get(id);
      if (begin === undefined) continue;
      const { id: _, ...stored } = await this.#read(day, begin);
      return { stored, day: new Date(`${day}T00:00:00Z`) };
    }
    return null;
  }

  /** Removes a file of notes if `name` is that of one. */
  async remove(name: string): Promise<void> {
    const day = NAME.exec(name)?.[1];
    if (day === undefined) return;
    this.#days.delete(day);
    this.#sizes.delete(day);
    await this.#kept.take(day)?.close();
    await rm(join(this.#folder, name), { force: true });
  }

  async #read(day: string, begin: number): Promise<Note> {
    try {
      const file = await open(this.#path(day), "r");
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(LINE), 0, LINE, begin);
        const line = buffer.subarray(0, bytesRead);
        return JSON.parse(line.subarray(0, line.indexOf(NEWLINE)).toString()) as Note;
      } finally {
        await file.close();
      }
    } catch (cause) {
      if (isMissing(cause)) throw new StoreError("not_found", "there is nothing under this id", { cause });
      throw cause instanceof SyntaxError
        ? new StoreError("io", "a note on what was stored is damaged", { cause })
        : explain(cause);
    }
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const day of new Set(waiting.map(({ midnight }) => midnight.getTime()))) {
      const notes = waiting.filter(({ midnight }) => midnight.getTime() === day).map(({ note }) => note);
      await this.#append(new Date(day), notes);
    }
  }

  async #append(midnight: Date, notes: readonly Note[]): Promise<void> {
    const day = dayOf(midnight);
    const kept = this.#kept.take(day);
    const file = kept ?? (await open(this.#path(day), APPEND, FILE_MODE));
    // The first newline ends what was left by a process that was killed, or a write that failed, in the middle of a line.
    const text = Buffer.from(`\n${notes.map((note) => `${JSON.stringify(note)}\n`).join("")}`);
    try {
      const size = (kept === null ? undefined : this.#sizes.get(day)) ?? (await file.stat()).size;
      await writeAll(file, text);
      await file.utimes(midnight, midnight);
      await file.sync();
      if (size === 0) await this.#synced.sync();
      const lines = this.#days.get(day) ?? new Map<string, number>();
      this.#days.set(day, lines);
      for (const [id, begin] of beginnings(text)) lines.set(id, size + begin);
      this.#sizes.set(day, size + text.length);
    } catch (cause) {
      this.#sizes.delete(day);
      await file.close();
      throw cause;
    }
    this.#kept.keep(day, file);
  }

  #path(day: string): string {
    return join(this.#folder, day + SUFFIX);
  }
}

/** Where the line of each note begins. What is no whole line is passed over. */
function beginnings(text: Buffer): Map<string, number> {
  const lines = new Map<string, number>();
  for (let begin = 0, end = 0; ; begin = end + 1) {
    end = text.indexOf(NEWLINE, begin);
    if (end < 0) return lines;
    const id = idOf(text.subarray(begin, end).toString());
    if (id !== null) lines.set(id, begin);
  }
}

function idOf(line: string): string | null {
  if (!line.startsWith("{")) return null;
  try {
    return (JSON.parse(line) as Note).id;
  } catch {
    return null;
  }
}
