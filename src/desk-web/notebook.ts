import { type Case, NoteBook, type NoteChange, type NoteEvent, noteEventId, withoutNotes } from "../cases/index.js";

/** Keeps what is written, and then returns its events. Whatever is not kept rejects. */
export interface NoteKeeper {
  keep(changes: readonly NoteChange[], by: string): Promise<readonly NoteEvent[]>;
}

/** `no_name`: nobody has said who writes. `not_kept`: it is not on the disk. */
export type NotKept = "no_name" | "not_kept";

type Told = "saved" | "undone" | "nothing" | NotKept;

/** Hears the ids of the cases of which something has changed, and whether this page wrote it. */
type Listener = (ids: ReadonlySet<string>, isOurs: boolean) => void;

/** What staff write in a page: shown only once it is kept, and undone step by step. */
export class Notebook {
  #book: NoteBook;
  readonly #keeper: NoteKeeper;
  /** The events of each step of this page, for undo. */
  readonly #steps: (readonly NoteEvent[])[] = [];
  readonly #listeners = new Set<Listener>();
  /** Who writes. */
  by = "";
  /** Called after each step, and after each that failed. */
  onTold: (told: Told) => void = () => undefined;

  constructor(events: Iterable<NoteEvent>, keeper: NoteKeeper) {
    this.#book = new NoteBook(events);
    this.#keeper = keeper;
  }

  /** Another one after {@link replace}. */
  get book(): NoteBook {
    return this.#book;
  }

  onChange(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** The case with what staff wrote of it. */
  withNotes(one: Case): Case {
    return { ...withoutNotes(one), ...this.book.of(one.id) };
  }

  /** Writes one step. @returns whether it is kept */
  async change(changes: readonly NoteChange[]): Promise<boolean> {
    const events = await this.#keep(changes, "saved");
    if (events !== null && events.length > 0) this.#steps.push(events);
    return events !== null;
  }

  /** Takes back the last step of this page that is not taken back. */
  async undo(): Promise<void> {
    const step = this.#steps.at(-1);
    if (step === undefined) {
      this.onTold("nothing");
      return;
    }
    const changes = step.map((event) => ({ case: event.case, set: { undo: noteEventId(event) } }));
    if ((await this.#keep(changes, "undone")) !== null) this.#steps.splice(this.#steps.indexOf(step), 1);
  }

  /** Adds what other desks, or other pages of this one, wrote. */
  add(events: readonly NoteEvent[]): void {
    const before = this.book.size;
    this.book.add(events);
    const added = this.book.since(before);
    if (added.length > 0) this.#tell(added, false);
  }

  /** Forgets all, and begins again with these. */
  replace(events: readonly NoteEvent[]): void {
    const before = [...this.book.all()];
    this.#book = new NoteBook(events);
    this.#tell([...before, ...events], false);
  }

  /** Who writes; null if nobody has said so, of which the page tells. */
  signature(): string | null {
    const by = this.by.trim();
    if (by !== "") return by;
    this.onTold("no_name");
    return null;
  }

  async #keep(changes: readonly NoteChange[], told: Told): Promise<readonly NoteEvent[] | null> {
    const by = this.signature();
    if (by === null) return null;
    try {
      // Of what others wrote, it takes the place only of what this page has shown.
      const events = await this.#keeper.keep(this.book.withReplaced(changes), by);
      this.book.add(events);
      this.#tell(events, true);
      this.onTold(told);
      return events;
    } catch {
      this.onTold("not_kept");
      return null;
    }
  }

  #tell(events: readonly NoteEvent[], isOurs: boolean): void {
    // Whom a case is about changes the other case as well.
    const ids = new Set(events.flatMap(({ case: id, set }) => ("person" in set ? [id, set.person] : [id])));
    for (const listener of this.#listeners) listener(ids, isOurs);
  }
}
