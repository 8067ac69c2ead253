import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { NoteBook, type NoteChange, type NoteEvent, writeNoteEvent } from "../cases/index.js";
import { appendLines, nullIfMissing } from "../files/index.js";
import { DeletedCases } from "./deleted-cases.js";
import { eraseNotes } from "./erase-notes.js";
import { LOG_START, type LogPlace, readLog } from "./note-log.js";
import { CaseNotesError, ERASED_FILE, isLog, NOTES_FOLDER, withLockedNotes } from "./notes-folder.js";
import { knownDesk, thisDesk } from "./this-desk.js";

/** Lines of another desk's log that could not be read, and are left out. */
export interface DamagedLog {
  readonly file: string;
  readonly lines: readonly number[];
}

/** The logs of all desks in a folder of cases. This machine appends to its own. */
export class NoteLogs {
  readonly #root: string;
  readonly #folder: string;
  #book = new NoteBook();
  /** What a log was when it was read last, by name. */
  readonly #seen = new Map<string, string>();
  readonly #damaged = new Map<string, DamagedLog>();
  /** Of this desk's own log, which only grows. */
  #own: { readonly name: string; readonly ino: bigint; readonly place: LogPlace } | null = null;
  #erased: string | null = null;
  /** Cases that staff have deleted, and of which a log that was laid here still tells. */
  readonly #returned = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, NOTES_FOLDER);
  }

  /** @param root folder of the cases @throws CaseNotesError `damaged` */
  static async open(root: string): Promise<NoteLogs> {
    const logs = new NoteLogs(root);
    await logs.refresh();
    return logs;
  }

  /** Another one once notes were erased. */
  get book(): NoteBook {
    return this.#book;
  }

  /** Changes once notes were erased. */
  get generation(): string {
    return this.#erased ?? "";
  }

  get damaged(): readonly DamagedLog[] {
    return [...this.#damaged.values()];
  }

  /** Reads what has changed since. Notes of deleted cases are taken out of logs. @throws CaseNotesError */
  async refresh(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#refresh();
      const returned = [...this.#returned];
      this.#returned.clear();
      for (const id of returned) await eraseNotes(this.#root, id);
    });
  }

  async #refresh(): Promise<void> {
    const erased = await readFile(join(this.#folder, ERASED_FILE), "utf8").catch(nullIfMissing);
    if (erased !== this.#erased) {
      const deleted = new DeletedCases(this.#root);
      // What an earlier version wrote is in no log.
      const old = [...this.#book.all()].filter(({ clock }) => clock === 0);
      this.#book = new NoteBook(old.filter((event) => !deleted.has(event.case)));
      this.#own = null;
      this.#seen.clear();
      this.#damaged.clear();
      this.#erased = erased;
    }
    const entries = (await readdir(this.#folder, { withFileTypes: true }).catch(nullIfMissing)) ?? [];
    const names = entries.filter(isLog).map(({ name }) => name);
    for (const name of names.sort()) {
      const found = await stat(join(this.#folder, name), { bigint: true }).catch(nullIfMissing);
      if (found === null) continue;
      const state = `${found.ino} ${found.size} ${found.mtimeNs}`;
      if (this.#seen.get(name) === state) continue;
      await this.#read(name, found);
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
    return this.#inTurn(() => this.#write(changes, by, now));
  }

  async #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(
    changes: (book: NoteBook) => readonly NoteChange[],
    by: string,
    now: Date,
  ): Promise<readonly NoteEvent[]> {
    return withLockedNotes(this.#folder, async () => {
      await this.#refresh();
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

  async #read(name: string, { ino, size }: { readonly ino: bigint; readonly size: bigint }): Promise<void> {
    const path = join(this.#folder, name);
    const isOwn = name === `${await knownDesk(this.#folder)}.jsonl`;
    const before = isOwn && this.#own?.name === name && this.#own.ino === ino ? this.#own.place : LOG_START;
    const start = size >= before.bytes ? before : LOG_START;
    const { events, damaged, place } = await readLog(path, start);
    this.#damaged.delete(name);
    if (damaged.length > 0) {
      if (isOwn) {
        throw new CaseNotesError(
          "damaged",
          `${path}:${damaged[0]} is damaged; put it back from a copy, or move it away`,
        );
      }
      this.#damaged.set(name, { file: name, lines: damaged });
    }
    if (isOwn) this.#own = { name, ino, place };
    const deleted = new DeletedCases(this.#root);
    for (const event of events) if (deleted.tells(event)) this.#returned.add(event.case);
    this.#book.add(events.map((event) => deleted.emptied(event)));
  }
}
