import { type NoteChange, type NoteEvent, writeNoteEvent } from "../cases/index.js";
import { randomHex } from "../core/index.js";
import type { Notebook, NoteKeeper } from "./notebook.js";
import { save } from "./save.js";

/** Keeps what is written in the page's memory, until it is saved as a log to be laid beside the others. */
export class LogFile implements NoteKeeper {
  /** Each page is a desk: no two write one log. */
  readonly #desk = `page-${randomHex(4)}`;
  readonly #events: NoteEvent[] = [];
  #notebook: Notebook | null = null;
  readonly #whole: Promise<unknown>;
  /** Whether everything is in a file that was saved. */
  saved = true;

  /** @param whole once the notebook has all notes: what is written comes after all of them */
  constructor(whole: Promise<unknown> = Promise.resolve()) {
    this.#whole = whole;
  }

  /** Tells it of the notebook for which it keeps. */
  attach(notebook: Notebook): void {
    this.#notebook = notebook;
  }

  async keep(changes: readonly NoteChange[], by: string): Promise<readonly NoteEvent[]> {
    await this.#whole;
    const events = this.#notebook?.book.eventsFor(changes, { desk: this.#desk, by, now: new Date() }) ?? [];
    this.#events.push(...events);
    this.saved = false;
    return events;
  }

  get size(): number {
    return this.#events.length;
  }

  /** Saves the whole log: a later file holds all of an earlier one. */
  save(): void {
    const lines = this.#events.map((event) => `${writeNoteEvent(event)}\n`).join("");
    save(`${this.#desk}.jsonl`, new Blob([lines], { type: "application/x-ndjson" }));
    this.saved = true;
  }
}
