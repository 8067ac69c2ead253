import { constants, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { dayOf } from "../core/index.js";
import { isMissing } from "../files/index.js";
import { writeAll } from "./batching-writer.js";
import { FILE_MODE, toStoreError } from "./disk.js";
import type { FolderSync } from "./folder-sync.js";
import { GroupCommit } from "./group-commit.js";
import { notFound } from "./not-found.js";
import { OpenFiles } from "./open-files.js";
import { StoreError } from "./store.js";
import type { StoredUpload } from "./uploads.js";

const SUFFIX = ".stored";
const NAME = /^(\d{4}-\d{2}-\d{2})\.stored$/;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
/** More than the longest line. */
const MAX_LINE_BYTES = 512;
const NEWLINE = 0x0a;

interface Note extends StoredUpload {
  readonly id: string;
}

export interface CompletedUpload {
  readonly stored: StoredUpload;
  /** The day on which it was stored. */
  readonly day: Date;
}

/**
 * Notes on completed uploads, one line each, in one file per day. Notes that arrive together are written and synced
 * together. Memory holds only the position of each line.
 */
export class CompletedUploads {
  readonly #folder: string;
  readonly #folderSync: FolderSync;
  /** Positions of lines by id, by day. */
  readonly #days = new Map<string, Map<string, number>>();
  /** Bytes in the file of each day that is open. */
  readonly #sizes = new Map<string, number>();
  readonly #openFiles = new OpenFiles((file) => file.close());
  readonly #writes = new GroupCommit(() => this.#write());
  #waiting: { readonly midnight: Date; readonly note: Note }[] = [];

  private constructor(folder: string, folderSync: FolderSync) {
    this.#folder = folder;
    this.#folderSync = folderSync;
  }

  /** @param names of the files in the folder */
  static async open(folder: string, names: readonly string[], folderSync: FolderSync): Promise<CompletedUploads> {
    const completed = new CompletedUploads(folder, folderSync);
    for (const name of [...names].sort()) {
      const day = NAME.exec(name)?.[1];
      if (day !== undefined) completed.#days.set(day, linePositions(await readFile(join(folder, name))));
    }
    return completed;
  }

  /** Resolves when the note would survive a power failure. */
  async add(midnight: Date, note: Note): Promise<void> {
    this.#waiting.push({ midnight, note });
    return this.#writes.run();
  }

  /** The newest note on `id`, or null. @throws StoreError `io` */
  async find(id: string): Promise<CompletedUpload | null> {
    for (const [day, lines] of [...this.#days].reverse()) {
      const position = lines.get(id);
      if (position === undefined) continue;
      const { id: _, ...stored } = await this.#read(day, position);
      return { stored, day: new Date(`${day}T00:00:00Z`) };
    }
    return null;
  }

  /** Removes the file of notes called `name`, if there is one. */
  async remove(name: string): Promise<void> {
    const day = NAME.exec(name)?.[1];
    if (day === undefined) return;
    this.#days.delete(day);
    this.#sizes.delete(day);
    await this.#openFiles.take(day)?.close();
    await rm(join(this.#folder, name), { force: true });
  }

  async #read(day: string, position: number): Promise<Note> {
    try {
      const file = await open(this.#path(day), "r");
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_LINE_BYTES), 0, MAX_LINE_BYTES, position);
        const line = buffer.subarray(0, bytesRead);
        return JSON.parse(line.subarray(0, line.indexOf(NEWLINE)).toString()) as Note;
      } finally {
        await file.close();
      }
    } catch (cause) {
      if (isMissing(cause)) throw notFound(cause);
      throw cause instanceof SyntaxError
        ? new StoreError("io", "a note on a completed upload is damaged", { cause })
        : toStoreError(cause);
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
    const idle = this.#openFiles.take(day);
    const file = idle ?? (await open(this.#path(day), APPEND, FILE_MODE));
    // The first newline ends a partial line that a killed process or a failed write may have left.
    const text = Buffer.from(`\n${notes.map((note) => `${JSON.stringify(note)}\n`).join("")}`);
    try {
      const size = (idle === null ? undefined : this.#sizes.get(day)) ?? (await file.stat()).size;
      await writeAll(file, text);
      await file.utimes(midnight, midnight);
      await file.sync();
      if (size === 0) await this.#folderSync.sync();
      const lines = this.#days.get(day) ?? new Map<string, number>();
      this.#days.set(day, lines);
      for (const [id, position] of linePositions(text)) lines.set(id, size + position);
      this.#sizes.set(day, size + text.length);
    } catch (cause) {
      this.#sizes.delete(day);
      await file.close();
      throw cause;
    }
    this.#openFiles.put(day, file);
  }

  #path(day: string): string {
    return join(this.#folder, day + SUFFIX);
  }
}

/** Where the line of each note begins. Skips partial lines. */
function linePositions(text: Buffer): Map<string, number> {
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
