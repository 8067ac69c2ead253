import { randomUUID } from "node:crypto";
import type { AskedPortion, DeskCursor, DeskNews, NoteEvent } from "../../cases/index.js";
import { embed, type IndexLimits, LIMITS, packLogs, replaceCaseIndex } from "../html/index.js";
import type { NoteLogs } from "../note-logs.js";
import { CaseFolders } from "./case-folders.js";
import { type KeptCase, KeptCases } from "./kept-cases.js";
import { Reading } from "./reading.js";

/** Readings before the present one of which a page may have all cases. */
const MAX_EARLIER = 4;

/** What the page asks for: all cases, within the limits of index.html, and their notes. */
export class Contents {
  readonly #root: string;
  readonly #logs: NoteLogs;
  readonly #limits: IndexLimits;
  readonly #kept: KeptCases;
  readonly #folders: CaseFolders;
  readonly #run = randomUUID();
  #reading: Reading | null = null;
  /** What pages may have, by the id of its reading. */
  readonly #earlier = new Map<string, WeakSet<KeptCase>>();
  #notes: (PackedNotes & { readonly book: unknown; readonly size: number }) | null = null;

  constructor(root: string, logs: NoteLogs, limits: IndexLimits = LIMITS) {
    this.#root = root;
    this.#logs = logs;
    this.#limits = limits;
    this.#kept = new KeptCases(root, logs, limits.chars);
    this.#folders = new CaseFolders(root);
  }

  /**
   * JSON of a portion of the cases with their notes, as the page reads it; the last one has the notes of whatever else.
   * Of what the page has already, only the folders' names. Null if it must begin again.
   * @throws CaseNotesError
   */
  async portion({ reading: id, at, known }: AskedPortion): Promise<Buffer | null> {
    await this.#logs.refresh();
    const reading = id === "" ? await this.#present() : this.#reading;
    const portion = (await reading?.portion(id, at)) ?? null;
    if (reading === null || portion === null) return null;
    const has = known === reading.id ? reading.cases : this.#earlier.get(known);
    const cases = portion.cases.map((one) => (has?.has(one) === true ? Buffer.from(embed(one.folder)) : one.json));
    const { byCase, omittedNotes } = this.#packNotes();
    const others = [...byCase]
      .filter(([of]) => portion.end !== null && !reading.ids.has(of))
      .flatMap(([, each]) => each);
    const rest = {
      reading: reading.id,
      total: reading.total,
      cursor: this.#cursorAt(reading.state),
      notes: [...portion.cases.flatMap((one) => byCase.get(one.id) ?? []), ...others],
      end: portion.end && { ...portion.end, omittedNotes, damagedLogs: this.#damaged },
    };
    const parts = cases.flatMap((json, index) => (index === 0 ? [json] : [COMMA, json]));
    return Buffer.concat([Buffer.from(`{"cases":[`), ...parts, Buffer.from(`],"rest":${embed(rest)}}`)]);
  }

  /** Begins to read the cases, so that they are there when the page asks. */
  begin(): void {
    // Whoever asks for them hears of a fault.
    this.#logs
      .refresh()
      .then(() => this.#present())
      .catch(() => undefined);
  }

  /** A page begins, on a machine that may have no processor to spare. */
  giveWay(): void {
    this.#reading?.giveWay();
  }

  /** What has come since a page had `known`; null for one that must read everything again. @throws CaseNotesError */
  async news(known: DeskCursor): Promise<DeskNews | null> {
    await this.#logs.refresh();
    const cursor = this.#cursorAt(await this.#folders.state());
    if (known.run !== cursor.run || known.events > cursor.events) return null;
    // What an earlier version wrote has no clock yet, and is in the cases.
    const events = this.#logs.book.since(known.events).filter(({ clock }) => clock > 0);
    return { cursor, events, damagedLogs: this.#damaged };
  }

  /** Up to where `index.html` would have what the desk has. @throws CaseNotesError */
  async indexState(): Promise<string> {
    await this.#logs.refresh();
    return JSON.stringify([this.#cursorAt(await this.#folders.state()), this.#damaged]);
  }

  /**
   * Writes `index.html` anew. Only cases that have changed are read.
   * @returns whether it was written: not if cases came or went meanwhile
   * @throws CaseNotesError, or an error of the file system
   */
  async writeIndex(): Promise<boolean> {
    // Two readings at once would take as long as both.
    this.#reading?.hurry();
    await this.#reading?.done.catch(() => undefined);
    const reading = new Reading(this.#folders, this.#kept, this.#limits);
    reading.hurry();
    await reading.done;
    if (reading.whole === null) return false;
    const { cases, omitted } = reading.whole;
    const isTrue = () => this.#folders.isStill(reading.state);
    return replaceCaseIndex(this.#root, cases, { total: reading.total, omitted, logs: this.#logs }, isTrue);
  }

  /** The bytes of a document among the cases that the page can show, by its path; null for any other file. */
  async documentBytes(path: string): Promise<number | null> {
    const reading = await this.#present();
    const bytes = reading.documents.get(path);
    if (bytes !== undefined) return bytes;
    reading.hurry();
    await reading.done;
    return reading.documents.get(path) ?? null;
  }

  get #damaged(): readonly string[] {
    return this.#logs.damaged.map(({ file }) => file);
  }

  #cursorAt(cases: string): DeskCursor {
    return { run: `${this.#run} ${this.#logs.generation}`, events: this.#logs.book.size, cases };
  }

  /** Another one once a case, or what was added to one, has come or gone; but one that is under way ends first. */
  async #present(): Promise<Reading> {
    const before = this.#reading;
    if (before?.isUnderWay) return before;
    if (before !== null && (await this.#folders.state()) === before.state && !before.hasFailed) return before;
    // Somebody else may have begun one meanwhile.
    if (this.#reading !== before) return this.#present();
    if (before !== null) this.#earlier.set(before.id, before.cases);
    for (const [id] of [...this.#earlier].slice(0, -MAX_EARLIER)) this.#earlier.delete(id);
    this.#reading = new Reading(this.#folders, this.#kept, this.#limits);
    return this.#reading;
  }

  #packNotes(): PackedNotes {
    const { book } = this.#logs;
    const known = this.#notes;
    if (known?.book === book && known.size === book.size) return known;
    const { notes, omittedNotes } = packLogs(this.#logs);
    const byCase = new Map<string, NoteEvent[]>();
    for (const event of notes) {
      const events = byCase.get(event.case);
      if (events === undefined) byCase.set(event.case, [event]);
      else events.push(event);
    }
    this.#notes = { book, size: book.size, byCase, omittedNotes };
    return this.#notes;
  }
}

const COMMA = Buffer.from(",\n");

interface PackedNotes {
  readonly byCase: ReadonlyMap<string, readonly NoteEvent[]>;
  readonly omittedNotes: number;
}
